// Who sits inside: shows a code, hears who knocks, and hands the meeting's key over after a check by voice.
import { decode } from "../crypto/encoding.ts";
import { canCheck, Fellow, type Message } from "../crypto/voice.ts";
import { Door, type Line, type Waiting } from "./relay.ts";
import { EVERY, Talking, type Why, whyOf } from "./talking.ts";

export { Door };
export type Step = "off" | "code" | "asked" | "waiting" | "typing" | "reading" | "handed" | "failed";
export type FellowWhy = Why | "old-browser" | "network";

export interface FellowView {
  readonly step: Step;
  readonly code: string;
  /** Until when the code is good, by this device's clock. */
  readonly until: number;
  /** To be read aloud. */
  readonly six: string;
  /** Whether what was typed last was not it. */
  readonly wrong: boolean;
  readonly why: FellowWhy | null;
}

const CHECKING: ReadonlySet<Step> = new Set(["waiting", "typing", "reading"]);
const OFF: FellowView = { step: "off", code: "", until: 0, six: "", wrong: false, why: null };

export interface Seated {
  readonly meeting: string;
  readonly key: string;
  readonly seat: string;
}

export class FellowKnock {
  view = OFF;
  #open = false;
  #stopped = false;
  #waiting: Waiting | null = null;
  #check: Fellow | null = null;
  #talking: Talking | null = null;
  /** Those that were let go or answered: the door may still show them for a while. */
  readonly #seen = new Set<string>();
  readonly #door: Pick<Door, "code" | "knocks" | "line">;
  readonly #seated: Seated;
  readonly #changed: (view: FellowView) => void;
  readonly #every: number;

  constructor(
    door: Pick<Door, "code" | "knocks" | "line">,
    seated: Seated,
    changed: (view: FellowView) => void,
    every = 2 * EVERY,
  ) {
    this.#door = door;
    this.#seated = seated;
    this.#changed = changed;
    this.#every = every;
  }

  /** Shows a code, and listens for who knocks until it is stopped or good no more; once. */
  async show(): Promise<void> {
    if (!(await canCheck())) return this.#show({ ...OFF, why: "old-browser" });
    try {
      const { code, left } = await this.#door.code(true);
      this.#open = true;
      // Stopped while it was being fetched.
      if (this.#stopped) return this.stop();
      this.#show({ ...OFF, step: "code", code, until: Date.now() + left * 1000 });
    } catch (error) {
      return this.#show({ ...OFF, why: whyOf(error) === "closed" ? "closed" : "network" });
    }
    await this.#listen();
  }

  /** From now on the code leads nowhere, and who knocks hears so. */
  stop(): void {
    this.#stopped = true;
    if (!this.#open) return;
    this.#open = false;
    this.#door.code(false).catch(() => undefined);
    this.#talking?.stop("over");
    this.#check = null;
    this.#show(OFF);
  }

  /** Ends the check under way, if there is one, and goes back to the code. */
  giveUp(): void {
    if (!CHECKING.has(this.view.step)) return;
    this.#talking?.stop("over");
    this.#again();
  }

  /** It is somebody whom one has on the telephone: the check begins. */
  async answer(): Promise<void> {
    const waiting = this.#waiting;
    if (this.view.step !== "asked" || !waiting) return;
    this.#seen.add(waiting.knock);
    const { meeting, key, seat } = this.#seated;
    const check = new Fellow({ place: meeting, fellow: seat, bound: { key: decode(key) } });
    this.#check = check;
    const receive = (message: Message): Promise<Message | null> => this.#receive(check, message);
    this.#show({ ...this.view, step: "waiting" });
    const sent = (message: Message): void => this.#sent(message);
    const talking = new Talking(this.#door.line(waiting.knock), 1, {
      receive,
      sent,
      ended: (why) => this.#failed(why),
    });
    this.#talking = talking;
    try {
      const answer = await check.receive(waiting.message);
      if (answer) talking.send(answer);
      await talking.run(Math.min(EVERY, this.#every));
    } catch (error) {
      talking.stop(whyOf(error) ?? "unsafe");
    }
  }

  /** It is nobody whom one knows. */
  decline(): void {
    if (!this.#waiting) return;
    const line: Line = this.#door.line(this.#waiting.knock);
    this.#seen.add(this.#waiting.knock);
    line.say(1, { what: "end" }).catch(() => undefined);
    this.#again();
  }

  /** The nine digits that the newcomer read out. */
  async type(text: string): Promise<void> {
    const [check, talking] = [this.#check, this.#talking];
    if (!check || !talking || this.view.step !== "typing") return;
    try {
      const said = await check.type(text);
      if (this.#check !== check) return;
      const right = said === "right";
      this.#show({ ...this.view, step: right ? "reading" : "typing", six: check.readAloud, wrong: !right });
    } catch (error) {
      talking.stop(whyOf(error) ?? "unsafe");
    }
  }

  /** Back to the code, for the next one. */
  next(): void {
    this.#again();
  }

  #again(): void {
    this.#waiting = null;
    this.#check = null;
    this.#talking = null;
    this.#show({ ...OFF, step: "code", code: this.view.code, until: this.view.until });
  }

  async #listen(): Promise<void> {
    while (this.#open) {
      if (this.view.until <= Date.now() && this.view.step === "code") this.stop();
      if (this.view.step === "code" || this.view.step === "asked") await this.#look();
      await new Promise((done) => setTimeout(done, this.#every));
    }
  }

  async #look(): Promise<void> {
    const found = await this.#door.knocks().catch((error: unknown) => {
      if (whyOf(error) !== null) this.stop();
      return null;
    });
    // Answered meanwhile: what was heard says nothing of that any more.
    if (found === null || !this.#open || CHECKING.has(this.view.step)) return;
    const here = found.knocks.filter(({ knock }) => !this.#seen.has(knock));
    const asked = this.view.step === "asked";
    // Whoever knocked in time is let in, though the code is good no more.
    if (asked && here.some(({ knock }) => knock === this.#waiting?.knock)) return;
    // Somebody else inside stopped it.
    if (found.code !== this.view.code) return this.#gone();
    // Who knocked has gone away, or somebody else answered.
    if (asked) this.#again();
    else if (this.view.step === "code" && here[0]) {
      this.#waiting = here[0];
      this.#show({ ...this.view, step: "asked" });
    }
  }

  #gone(): void {
    this.#open = false;
    this.#show({ ...OFF, why: "over" });
  }

  async #receive(check: Fellow, message: Message): Promise<Message | null> {
    const back = await check.receive(message);
    if (check.state === "typing" && this.#check === check) this.#show({ ...this.view, step: "typing" });
    return back;
  }

  /** The box is the last thing to be said: with it the newcomer needs this device no more. */
  #sent({ what }: Message): void {
    if (what !== "box") return;
    this.#talking?.finish();
    this.#show({ ...this.view, step: "handed", six: "" });
  }

  #failed(why: Why): void {
    this.#show({ ...this.view, step: "failed", why, six: "" });
  }

  #show(view: FellowView): void {
    this.view = view;
    this.#changed(view);
  }
}
