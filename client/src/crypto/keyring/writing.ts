// How entries and consents are written and signed: in the bytes that docs/keyring.md says, and held against the fold before
// anybody else sees them, so that no client sends what others would not believe.
import { type Bytes, utf8 } from "../bytes.ts";
import { type ConsentKind, consentToSign, GOOD_FOR, readWording, type Wording } from "./consents.ts";
import {
  type Box,
  type Consent,
  type Entry,
  joinProof,
  type Keys,
  keysProof,
  type Of,
  readEntry,
  type Signed,
  toSign,
  VERSION,
  type What,
} from "./entries.ts";
import { begin, checkBoxes, follow } from "./log.ts";
import type { MemberKeys, Seed } from "./member.ts";
import { toBase64 } from "./reading.ts";
import { type Circle, DAY, headOf } from "./state.ts";

/** What is left out where a field has it; no other field has one of these names. */
const DEFAULTS: Readonly<Record<string, string>> = {
  after: '""',
  key: '""',
  also: "[]",
  epochs: "[]",
  admit: '"one"',
  remove: '"majority"',
};

const spelt = (part: object): Bytes =>
  utf8(JSON.stringify(part, (name, value: unknown) => (DEFAULTS[name] === JSON.stringify(value) ? undefined : value)));

/** The bytes of an entry. Read and written once more, so that they stand in the order in which all clients write. */
export const writeEntry = (entry: Entry): Bytes => spelt(readEntry(spelt(entry)));

/** The bytes of a consent. */
export const writeWording = (wording: Wording): Bytes => spelt(readWording(spelt(wording)));

/** Who signs: a member, with the keys of a generation. */
export interface Author {
  readonly id: string;
  readonly gen: number;
  readonly keys: MemberKeys;
}

/** An entry that comes next, and the circle after it. */
export interface Next {
  readonly signed: Signed;
  readonly circle: Circle;
  readonly boxes: readonly Box[];
}

/**
 * Writes, signs and folds what comes next; `Broken` where nobody would believe it. `circle`: before it, `null` for the first.
 * `now`: milliseconds; where others' clocks are ahead, theirs counts.
 */
export async function next(
  circle: Circle | null,
  by: Author,
  what: What,
  now: number,
  boxes: readonly Box[] = [],
): Promise<Next> {
  const place = circle
    ? { circle: circle.id, n: circle.hashes.length, prev: headOf(circle) }
    : { circle: "", n: 0, prev: "" };
  const at = Math.max(now, circle?.at ?? 0);
  const entry: Entry = { v: VERSION, ...place, at, by: by.id, gen: by.gen, what };
  const body = writeEntry(entry);
  const signed = { body, signature: await by.keys.sign(toSign(body)) };
  const after = circle ? await follow(circle, signed, now) : await begin(signed, now);
  if ("boxes" in what) await checkBoxes(after, readEntry(body), boxes);
  return { signed, circle: after, boxes };
}

/** What is consented to. */
export interface Matter {
  readonly kind: ConsentKind;
  readonly subject: string;
  readonly key?: string;
  readonly epochs?: readonly number[];
}

/** A day less than a consent may be good for: the clock of whoever signs the entry may be behind. */
const LASTS = GOOD_FOR - DAY;

/** A member's consent. */
export async function consentTo(
  circle: Circle,
  by: Author,
  { kind, subject, key = "", epochs = [] }: Matter,
  now: number,
  until: number = Math.max(now, circle.at) + LASTS,
): Promise<Consent> {
  const { id, rules } = circle;
  const said = { circle: id, by: by.id, gen: by.gen, kind, subject, rules, until, key, epochs };
  const body = writeWording(said);
  return { body: toBase64(body), signature: toBase64(await by.keys.sign(consentToSign(body))) };
}

/** Asking to join by an invitation. */
export async function joining(invite: string, keys: Keys, rules: string, seed: Seed): Promise<Of<"join">> {
  return { kind: "join", invite, keys, rules, proof: toBase64(await seed.sign(joinProof(invite, keys))) };
}

/** The signature by which new keys of a member say that they are theirs. */
export async function proving(circle: string, member: string, gen: number, mine: MemberKeys): Promise<string> {
  return toBase64(await mine.sign(keysProof(circle, member, gen, mine.keys)));
}
