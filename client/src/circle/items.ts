// What a circle keeps, as `kring_client.circle.items` seals it: each thing with a key of its own, which the key of an epoch wraps;
// the body as in a meeting (`crypto/seal.ts`, format 2), bound to circle, author, kind and id.
import type { Bytes } from "../crypto/bytes.ts";
import { decode, encode } from "../crypto/encoding.ts";
import { type Circle, epochOf, fresh, fromBase64, isSettled, toBase64, unwrap, wrap } from "../crypto/keyring.ts";
import { LinkKeys } from "../crypto/keys.ts";
import { NEWEST, open, type Place, type Plain, seal } from "../crypto/seal.ts";
import type { ItemPut, ItemRow } from "../transport/circles.ts";
import { CircleTrouble } from "./trouble.ts";

/** What every member may read, also one *from now on*: an entry that opens an epoch wraps these anew. */
export const FOR_ALL = ["about", "member"] as const;
/** What whoever was invited may read before they accept: wrapped by a key from the link's seed, as if of epoch 0. */
export const INVITATION = "invitation";

export interface Named {
  readonly kind: string;
  readonly id: string;
  /** Of the one that it replaces, 0 for none. */
  readonly version: number;
}

/** Wrapped by the key of this epoch. */
export interface Under {
  readonly epoch: number;
  readonly key: Bytes;
}

const placeOf = (meeting: string, seat: string, kind: string, id: string): Place => ({ meeting, seat, kind, id });

/** The key under way, if it is with exactly the members; `unsettled` or `no-key` otherwise. */
export function present(circle: Circle, keys: ReadonlyMap<number, Bytes>): Under {
  if (!isSettled(circle)) throw new CircleTrouble("unsettled");
  const epoch = epochOf(circle).number;
  const key = keys.get(epoch);
  if (key === undefined) throw new CircleTrouble("no-key");
  return { epoch, key };
}

/** A thing of mine, sealed. */
export async function sealItem(
  circle: string,
  by: string,
  { kind, id, version }: Named,
  { epoch, key: epochKey }: Under,
  fields: Plain,
): Promise<ItemPut & { readonly body: string }> {
  const key = fresh();
  const body = await seal(new LinkKeys(encode(key)), placeOf(circle, by, kind, id), fields, NEWEST);
  const wrapped = await wrap(key, epochKey, { circle, epoch, kind, id });
  return { kind, id, epoch, version, wrap: toBase64(wrapped), body: toBase64(decode(body)) };
}

/** What was sealed. `no-key`: before I came; `item-broken`. */
export async function openItem(circle: string, item: ItemRow, keys: ReadonlyMap<number, Bytes>): Promise<Plain> {
  const { kind, id, by } = item;
  const key = await keyOf(circle, item, keys);
  try {
    return await open(new LinkKeys(encode(key)), placeOf(circle, by, kind, id), encode(fromBase64(item.body)));
  } catch {
    throw new CircleTrouble("item-broken");
  }
}

async function keyOf(circle: string, item: ItemRow, keys: ReadonlyMap<number, Bytes>): Promise<Bytes> {
  const { kind, id, epoch } = item;
  const epochKey = keys.get(epoch);
  if (epochKey === undefined) throw new CircleTrouble("no-key");
  try {
    return await unwrap(fromBase64(item.wrap), epochKey, { circle, epoch, kind, id });
  } catch {
    throw new CircleTrouble("item-broken");
  }
}

/** The same items under the key of another epoch; what I can't open stays as it is. */
export async function wrapAnew(
  circle: string,
  items: readonly ItemRow[],
  keys: ReadonlyMap<number, Bytes>,
  { epoch, key: epochKey }: Under,
): Promise<readonly ItemPut[]> {
  const anew: ItemPut[] = [];
  for (const item of items) {
    const { kind, id, version } = item;
    const key = await keyOf(circle, item, keys).catch(() => null);
    if (key === null) continue;
    const wrapped = await wrap(key, epochKey, { circle, epoch, kind, id });
    anew.push({ kind, id, version, epoch, wrap: toBase64(wrapped) });
  }
  return anew;
}
