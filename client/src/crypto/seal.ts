// Sealed contents: what people type leaves the browser only in this form. There are two formats; both are read.
//
//   format 1 = 0x01 || nonce (12 random bytes) || AES-256-GCM(key, nonce, plaintext, associated data)
//     associated data = "kring/1\n{meeting}\n{seat}\n{kind}\n{content id}"
//   format 2 = 0x02 || suite (1 byte) || id of the key (16 bytes) || nonce || AES-256-GCM(...) as above
//     associated data = "kring/2\n{suite}\n{key id, base64url}\n{meeting}\n{seat}\n{kind}\n{content id}"
//   plaintext = JSON object, padded with spaces to a multiple of 256 bytes so that lengths say less
//
// On the wire: base64url without padding. tests/fixtures/sealing.json holds vectors shared with Python. Devices tell
// the room the newest format that they read, and format 2 is written once every seated device reads it.
import { decode, encode, SealError } from "./encoding.ts";
import { KEY_ID_BYTES, type Key, type Keys, SUITE } from "./keys.ts";

/** Where a content belongs. It opens only there: not for another meeting, author, kind or id. */
export interface Place {
  readonly meeting: string;
  readonly seat: string;
  readonly kind: string;
  readonly id: string;
}

/** What is sealed: field ids to what was typed. */
export type Plain = { readonly [field: string]: string | number };

export type Format = 1 | 2;
/** The newest format that this client reads and writes; it reads the older ones too. */
export const NEWEST: Format = 2;

const NONCE = 12;
const TAG = 16;
/** Plaintexts are padded to a multiple of this. */
export const BLOCK = 256;
const SPACE = 0x20;
/** Bytes of a sealed body around the padded text, in the longer format. */
export const SEALED_AROUND = 2 + KEY_ID_BYTES + NONCE + TAG;

/** What stands before the nonce. */
function header(format: Format, key: Key): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(format === 1 ? [format] : [format, SUITE, ...decode(key.id)]);
}

function associated(format: Format, key: Key, { meeting, seat, kind, id }: Place): Uint8Array<ArrayBuffer> {
  const ids = format === 1 ? "" : `${SUITE}\n${key.id}\n`;
  return new TextEncoder().encode(`kring/${format}\n${ids}${meeting}\n${seat}\n${kind}\n${id}`);
}

function padded(fields: Plain): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(fields));
  const bytes = new Uint8Array(Math.ceil(text.length / BLOCK) * BLOCK).fill(SPACE);
  bytes.set(text);
  return bytes;
}

/** The format to write where every reader reads up to this one: what a room says, or nothing where it is an old one. */
export function formatFor(read: number | undefined): Format {
  return (read ?? 1) >= NEWEST ? NEWEST : 1;
}

/** Seals fields for one place. Each call takes a fresh random nonce; `nonce` is for the shared vectors only. */
export async function seal(
  keys: Keys,
  place: Place,
  fields: Plain,
  format: Format,
  nonce: Uint8Array<ArrayBuffer> = crypto.getRandomValues(new Uint8Array(NONCE)),
): Promise<string> {
  const key = await keys.current();
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: associated(format, key, place) };
  const secret = new Uint8Array(await crypto.subtle.encrypt(algorithm, key.secret, padded(fields)));
  const head = header(format, key);
  const sealed = new Uint8Array(head.length + NONCE + secret.length);
  sealed.set(head);
  sealed.set(nonce, head.length);
  sealed.set(secret, head.length + NONCE);
  return encode(sealed);
}

function read(plain: ArrayBuffer): Plain {
  const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new SealError("not an object");
  for (const field of Object.values(value)) {
    if (typeof field !== "string" && typeof field !== "number") throw new SealError("not plain fields");
  }
  return value as Plain;
}

/** The format of sealed bytes, where they begin after it, and the key that they name. */
function parsed(bytes: Uint8Array): { format: Format; start: number; keyId: string | null } {
  if (bytes[0] === 1) return { format: 1, start: 1, keyId: null };
  if (bytes[0] !== 2) throw new SealError("of no known format");
  if (bytes[1] !== SUITE) throw new SealError("of no known suite");
  const start = 2 + KEY_ID_BYTES;
  return { format: 2, start, keyId: encode(bytes.subarray(2, start)) };
}

/** Opens what was sealed for this place, or throws `SealError`. */
export async function open(keys: Keys, place: Place, sealed: string): Promise<Plain> {
  const bytes = decode(sealed);
  const { format, start, keyId } = parsed(bytes);
  if (bytes.length <= start + NONCE + TAG) throw new SealError("cut short");
  const key = await keys.find(keyId);
  const iv = bytes.slice(start, start + NONCE);
  const algorithm = { name: "AES-GCM", iv, additionalData: associated(format, key, place) };
  try {
    return read(await crypto.subtle.decrypt(algorithm, key.secret, bytes.slice(start + NONCE)));
  } catch (error) {
    if (error instanceof SealError) throw error;
    throw new SealError("does not open: damaged, another key, or another place");
  }
}
