// Wraps: each meeting, and each thing that a circle keeps, has a key of its own, wrapped by the key of an epoch, as
// `kring_client.keyring.wraps` does it.
//
//   wrap = 1, nonce (12 bytes), AES-256-GCM(epoch key, nonce, item key, associated data), 61 bytes
//   associated data = parts("kring/2 wrap", circle, epoch in decimal, what it is of, its id), each after its length in four bytes
//
// What is let go of is let go of by itself: its wrap is deleted. A wrap that is put elsewhere opens no more.
import { type Bytes, framed, joined } from "../bytes.ts";
import { SealError } from "../encoding.ts";

const FORMAT = 1;
const NONCE_BYTES = 12;
export const WRAP_BYTES = 1 + NONCE_BYTES + 32 + 16;

/** Whose key it is. `kind`: `meeting`, or what the circle calls it; `id`: which one. */
export interface Item {
  readonly circle: string;
  readonly epoch: number;
  readonly kind: string;
  readonly id: string;
}

const boundTo = ({ circle, epoch, kind, id }: Item): Bytes => framed("kring/2 wrap", circle, String(epoch), kind, id);

const aes = (key: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);

/** The key of an item, for all who have the epoch's key. `nonce` is for the shared vectors only. */
export async function wrap(
  key: Bytes,
  epochKey: Bytes,
  item: Item,
  nonce: Bytes = crypto.getRandomValues(new Uint8Array(NONCE_BYTES)),
): Promise<Bytes> {
  const how = { name: "AES-GCM", iv: nonce, additionalData: boundTo(item) };
  const sealed = await crypto.subtle.encrypt(how, await aes(epochKey), key);
  return joined(Uint8Array.of(FORMAT), nonce, new Uint8Array(sealed));
}

/** The key of an item. A `SealError` for another item or epoch, for what was changed, and for an unknown format. */
export async function unwrap(wrapped: Bytes, epochKey: Bytes, item: Item): Promise<Bytes> {
  if (wrapped.length !== WRAP_BYTES || wrapped[0] !== FORMAT) throw new SealError("no wrap");
  const how = { name: "AES-GCM", iv: wrapped.slice(1, 1 + NONCE_BYTES), additionalData: boundTo(item) };
  try {
    const key = await crypto.subtle.decrypt(how, await aes(epochKey), wrapped.slice(1 + NONCE_BYTES));
    return new Uint8Array(key);
  } catch {
    throw new SealError("wrapped by another key, for another item, or changed");
  }
}
