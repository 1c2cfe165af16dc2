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
  /** The knock under way: what still comes of an earlier one is nobody's any more. */
  #under: object | null = null;
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

  /** Knocks; resolves when it is over, one way or the other. Whoever knocks already does not knock twice. */
  async knock(code: string): Promise<void> {
    if (this.#under) return;
    const under = {};
    this.#under = under;
    if (!(await canCheck())) return this.#back("old-browser");
    this.#show({ ...START, step: "waiting" });
    const check = await Newcomer.of({
      purpose: "meeting",
      newcomer: encode(crypto.getRandomValues(new Uint8Array(ID_BYTES))),
    });
    try {
      const line = await this.#knock(code, await check.begin());
      const receive = (message: Message): Promise<Message | null> => this.#receive(check, message);
      const ended = (why: Why): void => (this.#under === under ? this.#failed(why) : undefined);
      const talking = new Talking(line, 1, { receive, ended });
      // Gone away meanwhile.
      if (this.#under !== under) return talking.stop("over");
      this.#check = check;
      this.#talking = talking;
      await talking.run(this.#every);
    } catch (error) {
      if (this.#under === under) this.#back(refusedBy(error));
    }
  }

  /** The six digits that were read out. */
  async type(text: string): Promise<void> {
    const [check, talking] = [this.#check, this.#talking];
    if (!check || !talking || this.view.step !== "reading") return;
    try {
      const [said, message] = await check.type(text);
      if (this.#check !== check) return;
      if (message) talking.send(message);
      this.#show({ ...this.view, step: message ? "typed" : "reading", wrong: said !== "right" });
    } catch (error) {
      talking.stop(whyOf(error) ?? "unsafe");
    }
  }

  /** Goes away again. */
  cancel(): void {
    const talking = this.#talking;
    this.#back(null);
    talking?.stop("over");
  }

  async #receive(check: Newcomer, message: Message): Promise<Message | null> {
    const came = await check.receive(message);
    if (this.#check !== check) return null;
    if (came instanceof Uint8Array) {
      this.#talking?.finish();
      this.#show({ ...this.view, step: "in", to: `/m/${check.place}#k=${encode(came)}` });
      return null;
    }
    this.#show({ ...this.view, step: "reading", nine: check.readAloud });
    return came;
  }

  #failed(why: Why): void {
    const nobody = why === "over" && this.view.step === "waiting";
    this.#back(nobody ? "nobody" : why, "failed");
  }

  /** Nobody knocks any more. */
  #back(why: NewcomerWhy | null, step: Step = "code"): void {
    this.#under = null;
    this.#check = null;
    this.#talking = null;
    this.#show({ ...START, step, why });
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
