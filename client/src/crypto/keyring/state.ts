// A circle as its log leads to it, as `kring.circle.state` says it: everything here follows from entries alone.
import type { Agreed, Keys } from "./entries.ts";
import type { Base64 } from "./reading.ts";

/** Milliseconds. */
export const DAY = 24 * 60 * 60 * 1000;
/** For how long the old keys may object to a readmission; so long the readmitted gives no consents. */
export const OBJECTION = 7 * DAY;

/** A readmission to which the `old` keys may object until `until`. `entry`: its hash. */
export interface Trial {
  readonly entry: string;
  readonly until: number;
  readonly old: Keys;
  readonly oldGen: number;
}

/** A member. `gen`: how many generations of keys there were; `rules`: the hash of the rules accepted last. */
export interface Member {
  readonly id: string;
  readonly keys: Keys;
  readonly rules: string;
  readonly gen: number;
  readonly trial: Trial | null;
}

/** An invitation for one person. `entry`: its hash, by which it is named. */
export interface Invitation {
  readonly entry: string;
  readonly seed: Base64;
  readonly until: number;
}

/** Somebody who asked to join, by the entry with the hash `entry`, and isn't let in yet. */
export interface Applicant {
  readonly entry: string;
  readonly id: string;
  readonly keys: Keys;
  readonly rules: string;
}

/** A member, and the generation of keys that something was sealed to. */
export type Recipient = readonly [id: string, gen: number];

/** A key that is shared. `key`: its hash. */
export interface Epoch {
  readonly number: number;
  readonly key: string;
  readonly recipients: readonly Recipient[];
}

/** A circle after so many entries. `id`: the hash of the first; `hashes`: of all, the latest last. */
export interface Circle {
  readonly id: string;
  readonly hashes: readonly string[];
  readonly at: number;
  readonly members: readonly Member[];
  readonly epochs: readonly Epoch[];
  readonly rules: string;
  readonly agreed: Agreed;
  /** Who takes care of it. */
  readonly carer: string;
  readonly invitations: readonly Invitation[];
  readonly applicants: readonly Applicant[];
  /** Who gave notice of taking over the care, and when. */
  readonly claim: readonly [who: string, at: number] | null;
  /** The hashes of the consents that were counted. */
  readonly used: ReadonlySet<string>;
  /** The ids of everybody who was here before. */
  readonly gone: ReadonlySet<string>;
  readonly closed: boolean;
}

function last<T>(all: readonly T[]): T {
  const found = all[all.length - 1];
  if (found === undefined) throw new RangeError("a circle has at least one");
  return found;
}

/** The hash of the latest entry. */
export const headOf = (circle: Circle): string => last(circle.hashes);
/** The epoch under way. */
export const epochOf = (circle: Circle): Epoch => last(circle.epochs);
/** Whoever was let in last. */
export const newestOf = (circle: Circle): Member => last(circle.members);

/** Every member with the generation of their keys: exactly those for whom a new epoch is. */
export const recipientsOf = (circle: Circle): readonly Recipient[] => circle.members.map(({ id, gen }) => [id, gen]);

/** Whether those who have the key are exactly the members. Until then no client seals anything with it. */
export const isSettled = (circle: Circle): boolean =>
  !circle.closed && JSON.stringify(epochOf(circle).recipients) === JSON.stringify(recipientsOf(circle));

export const memberOf = (circle: Circle, who: string): Member | null =>
  circle.members.find(({ id }) => id === who) ?? null;

/** Whether this id is or was somebody's. */
export const knowsId = (circle: Circle, who: string): boolean =>
  [...circle.members, ...circle.applicants].some(({ id }) => id === who) || circle.gone.has(who);

/** The epochs of which this member has the key. */
export const epochsOf = (circle: Circle, who: string): readonly number[] =>
  circle.epochs.filter(({ recipients }) => recipients.some(([id]) => id === who)).map(({ number }) => number);

/** Whether a member's consent counts at `at`: not while the old keys may still object to the new ones. */
export const hasSay = ({ trial }: Member, at: number): boolean => trial === null || at >= trial.until;

/** The members whose consent counts at `at`, without the one whom it is about. */
export const havingSay = (circle: Circle, at: number, but = ""): readonly string[] =>
  circle.members.filter((one) => one.id !== but && hasSay(one, at)).map(({ id }) => id);
