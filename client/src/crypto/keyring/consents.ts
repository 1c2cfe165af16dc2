// Consents: what several must agree to, and how an entry shows that they did, as `kring.circle.consents` says it.
import { type Bytes, hexOf, joined, utf8 } from "../bytes.ts";
import { type Consent, type Quorum, verify } from "./entries.ts";
import {
  type Base64,
  base64,
  decoded,
  fromBase64,
  hash,
  list,
  memberId,
  one,
  type Read,
  record,
  text,
  whole,
} from "./reading.ts";
import { type Circle, DAY, memberOf } from "./state.ts";

/** Milliseconds for which a consent is good at most. */
export const GOOD_FOR = 14 * DAY;
const LEAST_TO_REMOVE = 2;
const kind = one("admit", "remove", "rules", "close");
export type ConsentKind = Read<typeof kind>;

const wording = record(
  {
    circle: hash,
    by: memberId,
    gen: whole,
    kind,
    subject: text,
    rules: hash,
    until: whole,
    key: base64,
    epochs: list(whole),
  },
  { key: "", epochs: [] },
);
/** What somebody consents to. */
export type Wording = Read<typeof wording>;

export const PROBLEMS = [
  "consent-broken",
  "consent-other",
  "consent-old",
  "consent-twice",
  "consents-missing",
] as const;
export type Problem = (typeof PROBLEMS)[number];

export const consentToSign = (body: Bytes): Bytes => joined(utf8("kring/2 consent\n"), body);

/** How many of so many must consent. */
export const needed = (quorum: Quorum, having: number): number =>
  ({ one: 1, majority: Math.floor(having / 2) + 1, all: having })[quorum];

/** The same where somebody is to be removed: never one alone. `having`: without that one. */
export const neededToRemove = (quorum: Quorum, having: number): number =>
  Math.max(LEAST_TO_REMOVE, needed(quorum, having));

/** What an entry needs consents for. `by`: who signs it; `having`: who has a say; `least`: how many of them. */
export interface Asked {
  readonly kind: ConsentKind;
  readonly subject: string;
  readonly by: string;
  readonly having: readonly string[];
  readonly least: number;
  readonly key: Base64;
  readonly epochs: readonly number[];
}

/** The hashes of the consents that were counted, or why they don't suffice. `at`: when the entry was made. */
export async function count(
  circle: Circle,
  asked: Asked,
  consents: readonly Consent[],
  at: number,
): Promise<ReadonlySet<string> | Problem> {
  const agree = new Set(asked.having.includes(asked.by) ? [asked.by] : []);
  const counted = new Set<string>();
  for (const consent of consents) {
    const found = await wordingOf(circle, asked, consent, at);
    if (typeof found === "string") return found;
    const name = await hexOf(fromBase64(consent.body));
    if (circle.used.has(name) || agree.has(found.by)) return "consent-twice";
    counted.add(name);
    agree.add(found.by);
  }
  return agree.size >= asked.least ? counted : "consents-missing";
}

/** What the bytes of a consent say; an `Unreadable` where they are none. */
export const readWording = (body: Bytes): Wording => decoded(wording, body);

function read(body: Bytes): Wording | null {
  try {
    return readWording(body);
  } catch {
    return null;
  }
}

/** What this consent says, if it is to what is asked; else what is wrong with it. */
async function wordingOf(circle: Circle, asked: Asked, consent: Consent, at: number): Promise<Wording | Problem> {
  const body = fromBase64(consent.body);
  const found = read(body);
  if (found === null) return "consent-broken";
  const member = memberOf(circle, found.by);
  if (member === null || !asked.having.includes(found.by) || found.gen !== member.gen) return "consent-other";
  if (!(await verify(member.keys.sign, fromBase64(consent.signature), consentToSign(body)))) return "consent-broken";
  const said = [found.circle, found.kind, found.subject, found.key, found.epochs, found.rules];
  const meant = [circle.id, asked.kind, asked.subject, asked.key, asked.epochs, circle.rules];
  if (JSON.stringify(said) !== JSON.stringify(meant)) return "consent-other";
  return at <= found.until && found.until <= at + GOOD_FOR ? found : "consent-old";
}
