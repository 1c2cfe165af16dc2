// A circle that is open on this device: reading on, pins, warnings, and how an entry is sent. What may be done in it is in
// `circle.ts`. Once the server was found out in a lie nothing is sealed, signed or opened here any more (`warning`); that another
// history was shown is remembered by this device.
import type { Bytes } from "../crypto/bytes.ts";
import {
  type Author,
  Broken,
  boxesFor,
  type Circle,
  type Consent,
  consentTo,
  count,
  epochOf,
  fresh,
  havingSay,
  headOf,
  type Matter,
  type Next,
  next,
  type Sent,
  type To,
  toBase64,
  type What,
} from "../crypto/keyring.ts";
import { HttpError } from "../transport/api.ts";
import type { Circles, ItemPut, Step } from "../transport/circles.ts";
import { type Store, StoredValue } from "../transport/storage.ts";
import { Identity } from "./identity.ts";
import { FOR_ALL, wrapAnew } from "./items.ts";
import { holdPins, type Me, type Pin, Reading, readOn } from "./reading.ts";
import { CircleTrouble, type Warning, warningOf } from "./trouble.ts";

/** What a circle is opened with. `masters`: of an open keyring. `now`: milliseconds. */
export interface Setting {
  readonly api: Circles;
  readonly store: Store;
  readonly account: string;
  readonly masters: readonly Bytes[];
  now(): number;
}

interface Kept extends Pin {
  /** Another history was shown: nothing goes on until its members chose one, by voice, and founded it anew. */
  readonly forked?: true;
}

/** An entry with what goes down beside it, as it is sent. */
export const stepOf = ({ signed, boxes }: Next, items: readonly ItemPut[] = []): Step => ({
  entry: toBase64(signed.body),
  signature: toBase64(signed.signature),
  boxes: boxes.map(({ epoch, member, gen, sealed }) => ({ epoch, member, gen, box: toBase64(sealed) })),
  items,
});

const pinOf = (store: Store, circle: string): StoredValue<Kept> => new StoredValue(store, `kring:circle:${circle}`);

/** A new epoch for those who will be members, or earlier ones for whoever comes. */
export interface Opening extends Sent {
  readonly items: readonly ItemPut[];
}

export class Session {
  /** What the server was found out in; from then on nothing goes on here. */
  warning: Warning | null = null;
  /** After anything changed. */
  onchange: () => void = () => undefined;
  protected readonly setting: Setting;
  protected readonly reading: Reading;
  readonly #kept: StoredValue<Kept>;
  #last: Promise<unknown> = Promise.resolve();
  readonly id: string;

  constructor(setting: Setting, circle: string, member: string) {
    this.setting = setting;
    this.id = circle;
    this.reading = new Reading(new Identity(member, setting.masters));
    this.#kept = pinOf(setting.store, circle);
  }

  get circle(): Circle {
    return this.reading.circle;
  }

  /** My id in this circle. */
  get mine(): string {
    return this.reading.identity.member;
  }

  /** Reads what is new, and holds it against what is known. `known`: heads besides the pinned one, such as a link's. */
  refresh(known: readonly string[] = []): Promise<void> {
    return this.#inTurn(() => this.#refresh(known));
  }

  async #refresh(known: readonly string[] = []): Promise<void> {
    const kept = this.#kept.read();
    if (kept?.forked) this.warning ??= "forked";
    this.sound();
    try {
      await this.#read();
      if (this.circle.id !== this.id) throw new Broken("other-circle");
      if (kept) holdPins(this.circle, [kept]);
      if (known.some((hash) => !this.circle.hashes.includes(hash))) throw new Broken("entry-missing");
    } catch (error) {
      this.#stop(error);
      throw error;
    }
    this.#changed();
  }

  /** Nothing goes on after a lie was found. */
  protected sound(): void {
    if (this.warning === "forked") throw new CircleTrouble("forked");
    if (this.warning !== null) throw new CircleTrouble("stopped");
  }

  /** Members see another history than I do. */
  protected fork(): never {
    this.warning = "forked";
    this.#kept.write({ n: this.reading.length - 1, hash: headOf(this.circle), forked: true });
    this.onchange();
    throw new CircleTrouble("forked");
  }

  protected async author(): Promise<Author> {
    return authorOf(await this.reading.me());
  }

  /** Signs, folds and sends an entry; its hash. `Broken`: the others would not believe it. `log-moved`: read on, and decide again. */
  protected append(what: What, opening: Partial<Opening> = {}, by?: Author): Promise<string> {
    return this.#inTurn(() => this.#append(what, opening, by));
  }

  async #append(what: What, opening: Partial<Opening>, by?: Author): Promise<string> {
    this.sound();
    const { sent = [], items = [] } = opening;
    const one = await next(this.circle, by ?? (await this.author()), what, this.setting.now(), sent);
    const [step, hash] = [stepOf(one, items), headOf(one.circle)];
    try {
      await this.setting.api.append(this.id, step);
    } catch (error) {
      // It may have arrived though no answer came.
      if (error instanceof HttpError && error.code !== "" && error.code !== "log-moved") throw error;
      await this.#refresh();
      if (!this.circle.hashes.includes(hash)) throw error;
      return hash;
    }
    await this.reading.take([step], this.setting.now());
    this.#changed();
    return hash;
  }

  /** A new epoch for these, with what all may read wrapped anew. */
  protected async opening(
    members: readonly To[],
    late: { member: To; also: readonly number[] } | null = null,
  ): Promise<Opening> {
    const [key, epoch] = [fresh(), epochOf(this.circle).number + 1];
    const earlier = late && { member: late.member, keys: this.keysOf(late.also) };
    const made = await boxesFor(this.circle, { key, members }, earlier);
    const kept = await Promise.all(FOR_ALL.map((kind) => this.setting.api.items(this.id, kind)));
    return { ...made, items: await wrapAnew(this.id, kept.flat(), this.reading.epochKeys, { epoch, key }) };
  }

  /** Earlier epochs for whoever comes late. `no-key` where I haven't one of them. */
  protected keysOf(epochs: readonly number[]): ReadonlyMap<number, Bytes> {
    return new Map(
      epochs.map((epoch) => {
        const key = this.reading.epochKeys.get(epoch);
        if (key === undefined) throw new CircleTrouble("no-key");
        return [epoch, key] as const;
      }),
    );
  }

  /** Has my consent kept until an entry carries it. */
  protected async agree(matter: Matter): Promise<void> {
    this.sound();
    const { body, signature } = await consentTo(this.circle, await this.author(), matter, this.setting.now());
    await this.setting.api.consent(this.id, { body, signature });
  }

  /** The consents that wait for this and count now, one of each who has a say; what a server adds or repeats is left out. */
  protected async given({ kind, subject, key = "", epochs = [] }: Matter): Promise<readonly Consent[]> {
    const at = Math.max(this.setting.now(), this.circle.at);
    const having = havingSay(this.circle, at, kind === "remove" ? subject : "");
    const asked = { kind, subject, by: this.mine, having, least: 1, key, epochs };
    const given: Consent[] = [];
    for (const { body, signature } of await this.setting.api.consents(this.id)) {
      const one = { body, signature };
      if (typeof (await count(this.circle, asked, [...given, one], at)) !== "string") given.push(one);
    }
    return given;
  }

  /** One reads or writes at a time: else what came for an earlier place would be taken for a lie. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #read(): Promise<void> {
    const before = this.reading.length > 0 ? headOf(this.circle) : null;
    try {
      await readOn(this.reading, this.setting.api, this.id, this.setting.now());
    } catch (error) {
      // What doesn't follow upon what I know may be another history, whole in itself: that is worse than a log with a hole.
      if (before !== null && error instanceof Broken && (await this.#isAnother(before)))
        throw new CircleTrouble("forked");
      throw error;
    }
  }

  async #isAnother(head: string): Promise<boolean> {
    const other = new Reading(this.reading.identity);
    const whole = await readOn(other, this.setting.api, this.id, this.setting.now()).catch(() => null);
    return whole !== null && other.length > this.reading.length - 1 && !other.circle.hashes.includes(head);
  }

  #stop(error: unknown): void {
    const found = warningOf(error);
    if (found === null) return;
    this.warning = found;
    const kept = this.#kept.read();
    if (found === "forked" && kept) this.#kept.write({ ...kept, forked: true });
    this.onchange();
  }

  #changed(): void {
    this.#kept.write({ n: this.reading.length - 1, hash: headOf(this.circle) });
    this.onchange();
  }
}

export const authorOf = ({ member, keys }: Me): Author => ({ id: member.id, gen: member.gen, keys });
