// Boxes: the key of an epoch, sealed to each member, as `kring_client.keyring.boxes` makes them.
//
//   box  = HPKE: encapsulated key || ciphertext, 80 bytes
//   info = "kring/2 epoch", circle, epoch, member, generation, prev: with a line feed between them
//
// `prev` is the hash of the entry before the one that the box comes with: so a box is of one place in one log. Whoever opened
// one holds the key against the hash in the log, so that nobody is given another key than the others.
import { type Bytes, utf8 } from "../bytes.ts";
import { SealError } from "../encoding.ts";
import { openWith, sealTo } from "../hpke.ts";
import { type Box, type Boxes, boxesHash, epochHash, type Keys } from "./entries.ts";
import type { MemberKeys } from "./member.ts";
import { fromBase64 } from "./reading.ts";
import { type Circle, epochOf, headOf } from "./state.ts";

/** Why a box is not believed. `box`: it does not open; `epoch-key`: it opens to another key than the log says. */
export class BoxError extends SealError {
  readonly code: "box" | "epoch-key";

  constructor(code: BoxError["code"]) {
    super(`a box: ${code}`);
    this.code = code;
  }
}

/** Whom a box is for. */
export interface To {
  readonly id: string;
  readonly gen: number;
  readonly keys: Keys;
}

const infoOf = (circle: string, { epoch, member, gen }: Omit<Box, "sealed">, prev: string): Bytes =>
  utf8(`kring/2 epoch\n${circle}\n${epoch}\n${member}\n${gen}\n${prev}`);

/**
 * The key of an epoch, sealed to a member's keys of today. `circle`: before the entry that the box comes with, if any.
 * `ephemeral` is for the shared vectors only.
 */
export async function boxFor(
  { id, gen, keys }: To,
  circle: Circle | null,
  epoch: number,
  key: Bytes,
  ephemeral?: CryptoKeyPair,
): Promise<Box> {
  const place = { epoch, member: id, gen };
  const info = infoOf(circle?.id ?? "", place, circle ? headOf(circle) : "");
  return { ...place, sealed: await sealTo(fromBase64(keys.box), info, key, ephemeral) };
}

/** Keys by the number of their epoch. */
export type EpochKeys = ReadonlyMap<number, Bytes>;

/** What an entry brings, and what it signs of that. */
export interface Sent {
  readonly boxes: Boxes;
  readonly sent: readonly Box[];
}

async function said(sent: readonly Box[], key: string, also: readonly number[]): Promise<Sent> {
  return { boxes: { hash: await boxesHash(sent), key, also }, sent };
}

/**
 * The boxes of an entry. `circle`: before it. `opens`: the key of a new epoch, for `members` as they are after it. `late`: who
 * is let in, with the keys of the earlier epochs that they may read.
 */
export async function boxesFor(
  circle: Circle | null,
  opens: { readonly key: Bytes; readonly members: readonly To[] } | null,
  late: { readonly member: To; readonly keys: EpochKeys } | null = null,
): Promise<Sent> {
  const number = circle ? epochOf(circle).number + 1 : 1;
  const sent: Box[] = [];
  for (const member of opens?.members ?? [])
    sent.push(await boxFor(member, circle, number, opens?.key ?? new Uint8Array()));
  const also = [...(late?.keys ?? [])].sort(([one], [other]) => one - other);
  for (const [epoch, key] of also) if (late) sent.push(await boxFor(late.member, circle, epoch, key));
  const hash = opens ? await epochHash(circle?.id ?? "", number, opens.key) : "";
  return said(
    sent,
    hash,
    also.map(([epoch]) => epoch),
  );
}

/** The key in a box of mine. `prev`: the hash of the entry before the one that it came with, empty for the first. */
export async function openBox(box: Box, mine: MemberKeys, circle: Circle, prev: string): Promise<Bytes> {
  const epoch = circle.epochs.find(({ number }) => number === box.epoch);
  if (epoch === undefined) throw new BoxError("box");
  const key = await openWith(mine.box, infoOf(prev === "" ? "" : circle.id, box, prev), box.sealed).catch(() => {
    throw new BoxError("box");
  });
  const named = await epochHash(box.epoch > 1 ? circle.id : "", box.epoch, key);
  if (named !== epoch.key) throw new BoxError("epoch-key");
  return key;
}
