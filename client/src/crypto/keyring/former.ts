// The master keys of before, sealed under the present one: whoever has new keys still opens the boxes that they got with the old.
//
//   former = nonce (12 bytes), AES-256-GCM(key, nonce, old master keys side by side, newest first, associated data)
//   key = HKDF-SHA256(master key, no salt, info = "kring/2 former"), 32 bytes; associated data = parts("kring/2 former", account, generation)
import { type Bytes, framed, joined, utf8 } from "../bytes.ts";
import { SealError } from "../encoding.ts";
import { derived } from "../hpke.ts";
import type { Whose } from "./locks.ts";
import { KEY_BYTES } from "./member.ts";

const NONCE_BYTES = 12;

async function keyOf(master: Bytes): Promise<CryptoKey> {
  const key = await derived(master, new Uint8Array(), utf8("kring/2 former"));
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}

const boundTo = ({ account, gen }: Whose): Bytes => framed("kring/2 former", account, String(gen));

/** `whose`: the generation of `master`. `nonce` is for the shared vectors only. */
export async function sealFormer(
  former: readonly Bytes[],
  master: Bytes,
  whose: Whose,
  nonce: Bytes = crypto.getRandomValues(new Uint8Array(NONCE_BYTES)),
): Promise<Bytes> {
  const how = { name: "AES-GCM", iv: nonce, additionalData: boundTo(whose) };
  return joined(nonce, new Uint8Array(await crypto.subtle.encrypt(how, await keyOf(master), joined(...former))));
}

/** A `SealError` where it was changed, or is of another generation. */
export async function openFormer(sealed: Bytes, master: Bytes, whose: Whose): Promise<readonly Bytes[]> {
  const how = { name: "AES-GCM", iv: sealed.slice(0, NONCE_BYTES), additionalData: boundTo(whose) };
  try {
    const plain = new Uint8Array(await crypto.subtle.decrypt(how, await keyOf(master), sealed.slice(NONCE_BYTES)));
    const count = Math.floor(plain.length / KEY_BYTES);
    return Array.from({ length: count }, (_, at) => plain.slice(at * KEY_BYTES, (at + 1) * KEY_BYTES));
  } catch {
    throw new SealError("former master keys that do not open");
  }
}
