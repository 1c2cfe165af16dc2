// Sealed contents: what people type leaves the browser only in this form. This file is all of the client's cryptography.
//
//   sealed = 0x01 || nonce (12 random bytes) || AES-256-GCM(key, nonce, plaintext, associated data)
//   associated data = "kring/1\n{meeting}\n{seat}\n{kind}\n{content id}"
//   plaintext = JSON object, padded with spaces to a multiple of 256 bytes so that lengths say less
//
// On the wire and in links: base64url without padding. tests/fixtures/sealing.json holds vectors shared with Python.

/** Where a content belongs. It opens only there: not for another meeting, author, kind or id. */
export interface Place {
  readonly meeting: string;
  readonly seat: string;
  readonly kind: string;
  readonly id: string;
}

/** What is sealed: field ids to what was typed. */
export type Plain = { readonly [field: string]: string | number };

/** The sealed thing is damaged, was made with another key, or belongs to another place. */
export class SealError extends Error {
  override readonly name = "SealError";
}

const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const BLOCK = 256;
const KEY = 32;
const SPACE = 0x20;
const IDS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Bytes as base64url without padding. */
export function encode(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes of base64url without padding; anything else is a `SealError`. */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new SealError("not base64url");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  // One text for one content: stray bits in the last character are not the same content.
  if (encode(bytes) !== text) throw new SealError("not base64url");
  return bytes;
}

function imported(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** A new meeting key, as it stands in a link. */
export function newKey(): string {
  return encode(crypto.getRandomValues(new Uint8Array(KEY)));
}

/** The text of the key in a link's fragment (`#k=...`), or `null` when there is none of the right shape. */
export function keyOf(fragment: string): string | null {
  const text = new URLSearchParams(fragment.replace(/^#/, "")).get("k");
  return text !== null && /^[A-Za-z0-9_-]{43}$/.test(text) ? text : null;
}

/** The key for sealing and opening. It can't be read back out of the browser's keeping. */
export async function importKey(text: string): Promise<CryptoKey> {
  const bytes = decode(text);
  if (bytes.length !== KEY) throw new SealError("a key has 32 bytes");
  return imported(bytes);
}

function associated({ meeting, seat, kind, id }: Place): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`kring/1\n${meeting}\n${seat}\n${kind}\n${id}`);
}

function padded(fields: Plain): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(fields));
  const bytes = new Uint8Array(Math.ceil(text.length / BLOCK) * BLOCK).fill(SPACE);
  bytes.set(text);
  return bytes;
}

/** Seals fields for one place. Each call takes a fresh random nonce; `nonce` is for the shared vectors only. */
export async function seal(
  key: CryptoKey,
  place: Place,
  fields: Plain,
  nonce: Uint8Array<ArrayBuffer> = crypto.getRandomValues(new Uint8Array(NONCE)),
): Promise<string> {
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: associated(place) };
  const secret = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, padded(fields)));
  const sealed = new Uint8Array(1 + NONCE + secret.length);
  sealed[0] = VERSION;
  sealed.set(nonce, 1);
  sealed.set(secret, 1 + NONCE);
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

/** Opens what was sealed for this place, or throws `SealError`. */
export async function open(key: CryptoKey, place: Place, sealed: string): Promise<Plain> {
  const bytes = decode(sealed);
  if (bytes.length <= 1 + NONCE + TAG || bytes[0] !== VERSION) throw new SealError("not sealed content");
  const algorithm = { name: "AES-GCM", iv: bytes.slice(1, 1 + NONCE), additionalData: associated(place) };
  try {
    return read(await crypto.subtle.decrypt(algorithm, key, bytes.slice(1 + NONCE)));
  } catch (error) {
    if (error instanceof SealError) throw error;
    throw new SealError("does not open: damaged, another key, or another place");
  }
}

/** A new id for a seat, a content or a command: a letter and 15 random letters and digits (77 bits). */
export function newId(letter: string): string {
  const limit = 256 - (256 % IDS.length);
  let id = letter;
  while (id.length < 16) {
    for (const byte of crypto.getRandomValues(new Uint8Array(24))) {
      // Bytes above the limit would make some letters likelier.
      if (byte < limit && id.length < 16) id += IDS.charAt(byte % IDS.length);
    }
  }
  return id;
}
