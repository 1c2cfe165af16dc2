// Which key opens what. Everything that seals or opens asks a `Keys` for a key by its id and never holds one itself,
// so that where keys come from (the link of a meeting, later the keyring of a circle) is no concern of what is sealed.
//
//   id of a key = the first 16 bytes of SHA-256("kring/2 key\n{suite}\n" || key): it tells keys apart and gives none away
import { decode, encode, SealError } from "./encoding.ts";

/** A set of algorithms, by the number that sealed contents name it by. 1: AES-256-GCM with random nonces of 12 bytes. */
export const SUITE = 1;
export const KEY_ID_BYTES = 16;
export const KEY_BYTES = 32;

/** A key for contents. Its secret can't be read back out of the browser's keeping. */
export interface Key {
  /** Base64url of the 16 bytes that sealed contents name it by. */
  readonly id: string;
  readonly secret: CryptoKey;
}

/** The keys that this device has. */
export interface Keys {
  /** The key that new contents are sealed with. */
  current(): Promise<Key>;
  /** The key with this id, or, for `null`, of contents that name no key (format 1). A `SealError` where there is none. */
  find(id: string | null): Promise<Key>;
}

/** A new meeting key, as it stands in a link. */
export function newKey(): string {
  return encode(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
}

/** The key that a text such as that of a link stands for. */
export async function importKey(text: string): Promise<Key> {
  const bytes = decode(text);
  if (bytes.length !== KEY_BYTES) throw new SealError("a key has 32 bytes");
  const label = new TextEncoder().encode(`kring/2 key\n${SUITE}\n`);
  const named = new Uint8Array(label.length + KEY_BYTES);
  named.set(label);
  named.set(bytes, label.length);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", named));
  const secret = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { id: encode(hash.subarray(0, KEY_ID_BYTES)), secret };
}

/** The one key of a meeting by link, for everything in it. */
export class LinkKeys implements Keys {
  readonly #key: Promise<Key>;

  /** `text`: the key as it stands in the link; `null` when the link has none. */
  constructor(text: string | null) {
    this.#key = text === null ? Promise.reject(new SealError("the link has no key")) : importKey(text);
    // Whoever needs the key learns that there is none; by itself that is no error of the page.
    this.#key.catch(() => undefined);
  }

  current(): Promise<Key> {
    return this.#key;
  }

  async find(id: string | null): Promise<Key> {
    const key = await this.#key;
    if (id !== null && id !== key.id) throw new SealError("sealed with another key");
    return key;
  }
}
