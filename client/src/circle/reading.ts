// A circle as one device has read it: what its log leads to, and the keys of the epochs that I have.
//
// Each entry is folded; its boxes are held against the hash that it signs and against the list of members; each box of mine is
// opened at once, so that "you are in" is never said before the key is there. What doesn't hold stops the reading with a code and
// leaves it as it was: nothing of what a lying server sent is kept. Keys of epochs live here, in memory alone.
import type { Bytes } from "../crypto/bytes.ts";
import {
  type Box,
  Broken,
  begin,
  type Circle,
  checkBoxes,
  follow,
  fromBase64,
  headOf,
  knows,
  type Member,
  type MemberKeys,
  memberOf,
  openBox,
  readEntry,
} from "../crypto/keyring.ts";
import type { Circles, LogPage, LogRow } from "../transport/circles.ts";
import type { Identity } from "./identity.ts";
import { CircleTrouble } from "./trouble.ts";

/** What is known of a log from elsewhere: number and hash of one entry. */
export interface Pin {
  readonly n: number;
  readonly hash: string;
}

/** A membership that is mine, and the keys that the log knows as such. */
export interface Me {
  readonly member: Member;
  readonly keys: MemberKeys;
}

const boxOf = ({ epoch, member, gen, box }: LogRow["boxes"][number]): Box => ({
  epoch,
  member,
  gen,
  sealed: fromBase64(box),
});

export class Reading {
  readonly identity: Identity;
  #circle: Circle | null = null;
  #keys: ReadonlyMap<number, Bytes> = new Map();

  constructor(identity: Identity) {
    this.identity = identity;
  }

  /** As it is now. `not-first` where nothing was read. */
  get circle(): Circle {
    if (this.#circle === null) throw new Broken("not-first");
    return this.#circle;
  }

  get length(): number {
    return this.#circle?.hashes.length ?? 0;
  }

  /** The keys that I have, by the number of their epoch. */
  get epochKeys(): ReadonlyMap<number, Bytes> {
    return this.#keys;
  }

  /** My own membership. `not-a-member`; `keys-changed` where it isn't with keys of mine. */
  async me(): Promise<Me> {
    const member = memberOf(this.circle, this.identity.member);
    if (member === null) throw new CircleTrouble("not-a-member");
    const keys = await this.identity.find(member.keys, member.gen);
    if (keys === null) throw new CircleTrouble("keys-changed");
    return { member, keys };
  }

  /** Reads on. `known`: hashes that the log must have then. */
  async take(rows: readonly LogRow[], now: number, known: readonly string[] = []): Promise<void> {
    let circle = this.#circle;
    const opened = new Map(this.#keys);
    for (const row of rows) {
      const signed = { body: fromBase64(row.entry), signature: fromBase64(row.signature) };
      const prev: string = circle ? headOf(circle) : "";
      circle = circle ? await follow(circle, signed, now) : await begin(signed, now);
      for (const [epoch, key] of await this.#opened(circle, row, prev)) opened.set(epoch, key);
    }
    if (circle === null || !knows(circle, known)) throw new Broken("entry-missing");
    this.#circle = circle;
    this.#keys = opened;
  }

  /** The keys in the boxes that came for me with the latest entry of `circle`. */
  async #opened(circle: Circle, row: LogRow, prev: string): Promise<ReadonlyMap<number, Bytes>> {
    const entry = readEntry(fromBase64(row.entry));
    const boxes = row.boxes.map(boxOf);
    if ("boxes" in entry.what || boxes.length > 0) await checkBoxes(circle, entry, boxes);
    const found = new Map<number, Bytes>();
    const mine = boxes.filter(({ member }) => member === this.identity.member);
    const member = memberOf(circle, this.identity.member);
    const keys = member && mine.length > 0 ? await this.identity.find(member.keys, member.gen) : null;
    if (keys === null) return found;
    for (const box of mine) {
      const key = await openBox(box, keys, circle, prev).catch(() => {
        throw new CircleTrouble("box-broken");
      });
      found.set(box.epoch, key);
    }
    return found;
  }
}

/** Fetches what comes after what was read, page by page, and holds it against the head that the server names. */
export async function readOn(reading: Reading, api: Circles, circle: string, now: number): Promise<void> {
  let page: LogPage;
  do {
    page = await api.log(circle, reading.length);
    if (page.entries.length > 0) await reading.take(page.entries, now);
    else if (page.head.n >= reading.length) throw new Broken("entry-missing");
  } while (page.head.n >= reading.length);
  if (reading.length > page.head.n + 1) throw new Broken("entry-missing");
  if (headOf(reading.circle) !== page.head.hash) throw new CircleTrouble("forked");
}

/** Whether what is pinned stands where it should. `entry-missing`: the log was cut short; `forked`: it is another. */
export function holdPins({ hashes }: Circle, pins: readonly Pin[]): void {
  for (const { n, hash } of pins) {
    const found = hashes[n];
    if (found === undefined) throw new Broken("entry-missing");
    if (found !== hash) throw new CircleTrouble("forked");
  }
}
