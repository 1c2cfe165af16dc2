// What every kind of entry is held against: the circle before it, who signs, whose consent there is, whose keys are whose.
import { type Asked, count, PROBLEMS } from "./consents.ts";
import { type Agreed, type Boxes, type Consent, type Entry, type Keys, keysProof, type Of, verify } from "./entries.ts";
import { fromBase64 } from "./reading.ts";
import { type Circle, epochOf, knowsId, type Member, memberOf, recipientsOf } from "./state.ts";

/** Why a log is not to be believed: those of `kring.circle.acts.Code`. Screens have words for each, and what to do. */
export const CODES = [
  "unreadable",
  "too-new",
  "not-first",
  "other-circle",
  "out-of-order",
  "closed",
  "time",
  "signature",
  "not-a-member",
  "not-theirs",
  "keys-used",
  "id-used",
  "no-invitation",
  "no-applicant",
  "rules",
  "boxes",
  "too-early",
  "too-late",
  "entry-missing",
  ...PROBLEMS,
] as const;
export type Code = (typeof CODES)[number];

/** A log that is not what members made. `code`: in which way. */
export class Broken extends Error {
  override readonly name = "Broken";
  readonly code: Code;

  constructor(code: Code) {
    super(`the circle's log is not to be believed: ${code}`);
    this.code = code;
  }
}

export function need(holds: boolean, code: Code): asserts holds {
  if (!holds) throw new Broken(code);
}

/** An entry with its hash, and the circle as it was before. */
export interface Act {
  readonly circle: Circle;
  readonly entry: Entry;
  readonly hash: string;
}

/** The member with this id; `not-a-member` where there is none. */
export function memberIn(circle: Circle, who: string): Member {
  const member = memberOf(circle, who);
  need(member !== null, "not-a-member");
  return member;
}

/** The keys that an entry must be signed with: those that it brings, where somebody asks to join. */
export function signerOf({ circle, entry }: Act): Keys {
  const { by, gen, what } = entry;
  if (what.kind === "join") {
    need(gen === 1 && !knowsId(circle, by), "id-used");
    return what.keys;
  }
  const { keys, gen: today, trial } = memberIn(circle, by);
  if (what.kind === "object") {
    need(trial !== null && gen === trial.oldGen, "not-theirs");
    return trial.old;
  }
  need(gen === today, "signature");
  return keys;
}

/** The consents that were ever counted, with these; `Broken` where they don't suffice. */
export async function consented(
  { circle, entry }: Act,
  asked: Asked,
  given: readonly Consent[],
): Promise<ReadonlySet<string>> {
  const counted = await count(circle, asked, given, entry.at);
  if (typeof counted === "string") throw new Broken(counted);
  return new Set([...circle.used, ...counted]);
}

/** Nobody in the circle has these keys. */
export function needFresh({ members, applicants }: Circle, { sign, box }: Keys): void {
  const olds = members.flatMap(({ trial }) => (trial ? [trial.old] : []));
  const known = [...members.map(({ keys }) => keys), ...applicants.map(({ keys }) => keys), ...olds];
  const used = new Set(known.flatMap((one) => [one.sign, one.box]));
  need(!used.has(sign) && !used.has(box), "keys-used");
}

/** A member with another generation of keys, which sign that they are theirs. */
export async function withNewKeys(
  { circle }: Act,
  member: Member,
  { keys, proof }: Of<"newkeys"> | Of<"readmit">,
): Promise<Member> {
  needFresh(circle, keys);
  const gen = member.gen + 1;
  need(await verify(keys.sign, fromBase64(proof), keysProof(circle.id, member.id, gen, keys)), "signature");
  return { ...member, keys, gen };
}

export const withMember = (circle: Circle, changed: Member): Circle => ({
  ...circle,
  members: circle.members.map((one) => (one.id === changed.id ? changed : one)),
});

/** With a new epoch for all members where one is opened, and earlier ones for whoever came late. */
export function boxed(circle: Circle, { key, also }: Boxes, late: Member | null = null): Circle {
  const numbers = new Set(circle.epochs.map(({ number }) => number));
  need(also.every((number) => numbers.has(number)) && new Set(also).size === also.length, "boxes");
  const epochs = circle.epochs.map((one) => {
    if (late === null || !also.includes(one.number)) return one;
    const others = one.recipients.filter(([id]) => id !== late.id);
    return { ...one, recipients: [...others, [late.id, late.gen] as const] };
  });
  if (key === "") return { ...circle, epochs };
  need(
    epochs.every((one) => one.key !== key),
    "boxes",
  );
  const number = epochOf(circle).number + 1;
  return { ...circle, epochs: [...epochs, { number, key, recipients: recipientsOf(circle) }] };
}

/** Boxes that open an epoch, and have nothing of earlier ones. */
export function needOnlyNew({ key, also }: Boxes): void {
  need(key !== "" && also.length === 0, "boxes");
}

/** Without a member; the care goes to who is longest here, whose own claim to it then has no more to wait for. */
export function without(circle: Circle, who: string): Circle {
  const members = circle.members.filter(({ id }) => id !== who);
  const carer = circle.carer === who ? (members[0]?.id ?? who) : circle.carer;
  const claimant = circle.claim?.[0];
  const claim = claimant === who || claimant === carer ? null : circle.claim;
  return { ...circle, members, carer, claim, gone: new Set([...circle.gone, who]), closed: members.length === 0 };
}

/** What a consent to other rules names them by. */
export const rulesSubject = (rules: string, { admit, remove }: Agreed): string => `${rules} ${admit} ${remove}`;
