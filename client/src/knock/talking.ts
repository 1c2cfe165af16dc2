// One end of a check by voice over a line: what comes is given to the check, what it answers is sent, until one of them is over.
import { CheckEnded, type Message } from "../crypto/voice.ts";
import { HttpError } from "../transport/api.ts";
import type { Line } from "./relay.ts";

/** Milliseconds between two looks. */
export const EVERY = 1000;

/** Why nothing came of it: it took too long or the other side stopped; three wrong typings; or somebody may stand between. */
export type Why = "over" | "digits" | "unsafe" | "taken" | "closed";

const REFUSED: Readonly<Record<string, Why>> = {
  "knock-over": "over",
  "knock-taken": "taken",
  "doors-closed": "closed",
  "not-seated": "closed",
  // Another page of the same device goes on with it.
  "out-of-turn": "taken",
};

/** What a refusal of the server's means here, none that somebody stands between; `null`: it says nothing, and is tried again. */
export function whyOf(error: unknown): Why | null {
  if (error instanceof CheckEnded) {
    if (error.code === "wrong-digits") return "digits";
    return error.code === "ended" ? "over" : "unsafe";
  }
  if (!(error instanceof HttpError) || error.code === "" || error.code === "too-many") return null;
  return REFUSED[error.code] ?? "over";
}

export interface Ends {
  /** Takes a message; gives the one to send back, if there is one. */
  receive(message: Message): Promise<Message | null>;
  /** This one has arrived. */
  sent?(message: Message): void;
  ended(why: Why): void;
}

export class Talking {
  #over = false;
  #next = 0;
  #waits: Message[] = [];
  readonly #line: Line;
  readonly #receive: Ends["receive"];
  readonly #sent: Ends["sent"];
  readonly #ended: Ends["ended"];

  /** `since`: how many messages are known already. */
  constructor(line: Line, since: number, { receive, sent, ended }: Ends) {
    this.#line = line;
    this.#next = since;
    this.#receive = receive;
    this.#sent = sent;
    this.#ended = ended;
  }

  /** Says something as soon as it can. */
  send(message: Message): void {
    this.#waits.push(message);
  }

  async run(every = EVERY): Promise<void> {
    while (!this.#over) {
      await this.#look();
      if (!this.#over && this.#waits.length === 0) await new Promise((done) => setTimeout(done, every));
    }
  }

  /** It went well, and there is nothing more to hear. */
  finish(): void {
    this.#over = true;
  }

  /** Ends it for both, and tells the other side so. */
  stop(why: Why): void {
    if (!this.#over) this.#line.say(this.#next, { what: "end" }).catch(() => undefined);
    this.#end(why);
  }

  #end(why: Why): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended(why);
  }

  async #look(): Promise<void> {
    try {
      const [message = null] = this.#waits;
      const heard = await this.#line.say(this.#next, message);
      this.#next = heard.next;
      if (message) {
        this.#waits.shift();
        this.#sent?.(message);
      }
      for (const one of heard.messages) {
        // That the other side ended it is said by `over`, and is not to be answered.
        const back = this.#over || one.what === "end" ? null : await this.#receive(one);
        if (back) this.#waits.push(back);
      }
      if (heard.over) this.#end("over");
    } catch (error) {
      const why = whyOf(error);
      // Who can't be reached for a moment is asked again; the server lets go of the knock in time.
      if (why === null) await new Promise((done) => setTimeout(done, EVERY));
      else if (error instanceof HttpError) this.#end(why);
      else this.stop(why);
    }
  }
}
