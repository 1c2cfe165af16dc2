// What stands in a circle's log, as `kring.circle.entries` says it; bytes in it stay base64 until something is done with them.
import { type Bytes, framed, hexOf, joined, utf8 } from "../bytes.ts";
import {
  type Base64,
  base64,
  decoded,
  fromBase64,
  hash,
  hashOrNone,
  list,
  memberId,
  object,
  one,
  type Read,
  type Reader,
  record,
  sealingKey,
  signingKey,
  type Values,
  whole,
} from "./reading.ts";

export const VERSION = 1;
export const QUORUM = one("one", "majority", "all");
export type Quorum = Read<typeof QUORUM>;

const keys = record({ sign: signingKey, box: sealingKey });
/** A member's public keys in this circle: Ed25519 to sign with, X25519 to seal to. */
export type Keys = Read<typeof keys>;
const agreed = record({ admit: QUORUM, remove: QUORUM }, { admit: "one", remove: "majority" });
/** How many must consent before somebody is let in or removed. */
export type Agreed = Read<typeof agreed>;
const boxes = record({ hash, key: hashOrNone, also: list(whole) }, { key: "", also: [] });
/** Boxes that come with an entry: the hash of all, that of the new epoch's key, and the earlier epochs for whoever comes. */
export type Boxes = Read<typeof boxes>;
const consent = record({ body: base64, signature: base64 });
/** Somebody's consent, as the exact bytes that were signed. */
export type Consent = Read<typeof consent>;
const consents = list(consent);

const FOUND = { keys, rules: hash, agreed, boxes, after: hashOrNone };
const KINDS = {
  invite: { seed: signingKey, until: whole },
  uninvite: { invite: hash },
  join: { invite: hash, keys, rules: hash, proof: base64 },
  admit: { join: hash, consents, boxes },
  rekey: { boxes },
  newkeys: { keys, proof: base64 },
  readmit: { member: memberId, keys, proof: base64, boxes },
  object: { readmit: hash },
  leave: {},
  remove: { member: memberId, consents, boxes },
  rules: { rules: hash, agreed, consents },
  "rules-accepted": { rules: hash },
  "hand-care": { to: memberId },
  "claim-care": {},
  close: { consents },
} as const;

export type FollowingKind = keyof typeof KINDS;
export type Kind = FollowingKind | "found";
export type Found = { readonly kind: "found" } & Values<typeof FOUND>;
type Whats = { [K in FollowingKind]: { readonly kind: K } & Values<(typeof KINDS)[K]> };
/** What was done, of one kind. */
export type Of<K extends FollowingKind> = Whats[K];
/** All that an entry can be about. */
export type What = Found | Whats[FollowingKind];
export const KINDS_AFTER_THE_FIRST = Object.keys(KINDS) as readonly FollowingKind[];

const readers: Readonly<Record<Kind, Reader<object>>> = {
  found: record(FOUND, { after: "" }),
  ...(Object.fromEntries(Object.entries(KINDS).map(([kind, fields]) => [kind, record(fields)])) as Record<
    FollowingKind,
    Reader<object>
  >),
};
const kinds = one<Kind>("found", ...KINDS_AFTER_THE_FIRST);

const what: Reader<What> = (value) => {
  const { kind, ...rest } = object(value);
  const known = kinds(kind);
  return { kind: known, ...readers[known](rest) } as What;
};

const entry = record({
  v: one(VERSION),
  circle: hashOrNone,
  n: whole,
  prev: hashOrNone,
  at: whole,
  by: memberId,
  gen: whole,
  what,
});
/** One entry. `at`: milliseconds since the epoch; `gen`: the generation of the keys that it is signed with. */
export type Entry = Read<typeof entry>;

/** An entry as it is kept: the exact bytes, and the signature of `toSign` of them. */
export interface Signed {
  readonly body: Bytes;
  readonly signature: Bytes;
}

/** The key of one epoch, sealed to one member's keys of a generation. */
export interface Box {
  readonly epoch: number;
  readonly member: string;
  readonly gen: number;
  readonly sealed: Bytes;
}

/** The entry in these bytes; an `Unreadable` on any other. */
export const readEntry = (body: Bytes): Entry => decoded(entry, body);

export const toSign = (body: Bytes): Bytes => joined(utf8("kring/2 log\n"), body);

/** What the seed of an invitation signs: that these keys may ask to join by it. */
export const joinProof = (invite: string, { sign, box }: Keys): Bytes =>
  joined(utf8("kring/2 join\n"), framed(invite, fromBase64(sign), fromBase64(box)));

/** What new keys sign themselves, so that nobody puts in another's. */
export const keysProof = (circle: string, member: string, gen: number, { sign, box }: Keys): Bytes =>
  joined(utf8("kring/2 keys\n"), framed(circle, member, String(gen), fromBase64(sign), fromBase64(box)));

function before(one: Box, other: Box): number {
  if (one.epoch !== other.epoch) return one.epoch - other.epoch;
  if (one.member !== other.member) return one.member < other.member ? -1 : 1;
  if (one.gen !== other.gen) return one.gen - other.gen;
  const differs = one.sealed.findIndex((byte, at) => byte !== other.sealed[at]);
  if (differs === -1) return one.sealed.length - other.sealed.length;
  return (one.sealed[differs] ?? 0) - (other.sealed[differs] ?? -1);
}

/** The hash of boxes, in whatever order they come. */
export function boxesHash(boxes: readonly Box[]): Promise<string> {
  const parts = [...boxes]
    .sort(before)
    .map(({ epoch, member, gen, sealed }) => framed(String(epoch), member, String(gen), sealed));
  return hexOf(joined(utf8("kring/2 boxes\n"), ...parts));
}

/** What each recipient holds the key in its box against. Of the first epoch `circle` is empty. */
export const epochHash = (circle: string, epoch: number, key: Bytes): Promise<string> =>
  hexOf(joined(utf8("kring/2 epoch key\n"), framed(circle, String(epoch), key)));

/** What the log says of house rules: `salt`, random, keeps whoever has the log from trying well-known ones. */
export const rulesHash = (salt: Bytes, text: string): Promise<string> =>
  hexOf(joined(utf8("kring/2 rules\n"), framed(salt, text)));

/** Whether an Ed25519 public key made this signature of these bytes. A browser without Ed25519 is an error, not a no. */
export async function verify(key: Base64, signature: Bytes, signed: Bytes): Promise<boolean> {
  try {
    const imported = await crypto.subtle.importKey("raw", fromBase64(key), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signature, signed);
  } catch (error) {
    if (error instanceof Error && error.name === "NotSupportedError") throw error;
    return false;
  }
}
