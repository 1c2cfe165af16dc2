// Who knocks: with a code to the door, by a check by voice to the meeting's key.
import { encode } from "../crypto/encoding.ts";
import { canCheck, type Message, Newcomer } from "../crypto/voice.ts";
import { HttpError } from "../transport/api.ts";
import { knockAt, type Line } from "./relay.ts";
import { EVERY, Talking, type Why, whyOf } from "./talking.ts";

export type Step = "code" | "waiting" | "reading" | "typed" | "in" | "failed";
/** Why one is back at the code. */
export type NewcomerWhy = Why | "wrong-code" | "too-many" | "too-many-knocks" | "old-browser" | "network" | "nobody";

export interface NewcomerView {
  readonly step: Step;
  /** To be read aloud. */
  readonly nine: string;
  /** Whether what was typed last was not it. */
  readonly wrong: boolean;
  readonly why: NewcomerWhy | null;
  /** Where to go, with the key behind the #. */
  readonly to: string;
}

const ID_BYTES = 12;
const START: NewcomerView = { step: "code", nine: "", wrong: false, why: null, to: "" };

export class NewcomerKnock {
  view = START;
  #check: Newcomer | null = null;
  #talking: Talking | null = null;
  readonly #changed: (view: NewcomerView) => void;
  readonly #knock: (code: string, message: Message) => Promise<Line>;
  readonly #every: number;

  constructor(changed: (view: NewcomerView) => void, knock = knockAt, every = EVERY) {
    this.#changed = changed;
    this.#knock = knock;
    this.#every = every;
  }

  /** Knocks; resolves when it is over, one way or the other. */
  async knock(code: string): Promise<void> {
    if (!(await canCheck())) return this.#show({ ...START, why: "old-browser" });
    this.#show({ ...START, step: "waiting" });
    const check = await Newcomer.of({
      purpose: "meeting",
      newcomer: encode(crypto.getRandomValues(new Uint8Array(ID_BYTES))),
    });
    this.#check = check;
    this.#talking = null;
    try {
      const line = await this.#knock(code, await check.begin());
      const receive = (message: Message): Promise<Message | null> => this.#receive(check, message);
      const talking = new Talking(line, 1, { receive, ended: (why) => this.#failed(why) });
      this.#talking = talking;
      if (this.#check !== check) talking.stop("over");
      await talking.run(this.#every);
    } catch (error) {
      this.#show({ ...START, why: refusedBy(error) });
    }
  }

  /** The six digits that were read out. */
  async type(text: string): Promise<void> {
    const [check, talking] = [this.#check, this.#talking];
    if (!check || !talking || this.view.step !== "reading") return;
    try {
      const [said, message] = await check.type(text);
      if (message) talking.send(message);
      this.#show({ ...this.view, step: message ? "typed" : "reading", wrong: said !== "right" });
    } catch (error) {
      talking.stop(whyOf(error) ?? "unsafe");
    }
  }

  /** Goes away again. */
  cancel(): void {
    this.#check = null;
    this.#talking?.stop("over");
    this.#show(START);
  }

  async #receive(check: Newcomer, message: Message): Promise<Message | null> {
    const came = await check.receive(message);
    if (came instanceof Uint8Array) {
      this.#talking?.finish();
      this.#show({ ...this.view, step: "in", to: `/m/${check.place}#k=${encode(came)}` });
      return null;
    }
    this.#show({ ...this.view, step: "reading", nine: check.readAloud });
    return came;
  }

  #failed(why: Why): void {
    if (this.#check === null) return;
    const nobody = why === "over" && this.view.step === "waiting";
    this.#show({ ...START, step: "failed", why: nobody ? "nobody" : why });
  }

  #show(view: NewcomerView): void {
    this.view = view;
    this.#changed(view);
  }
}

function refusedBy(error: unknown): NewcomerWhy {
  const code = error instanceof HttpError ? error.code : "";
  return code === "wrong-code" || code === "too-many" || code === "too-many-knocks" ? code : "network";
}
