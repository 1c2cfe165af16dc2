// Locks: each holds the master key, and each opens it alone. The server keeps them, and can open none. As
// `kring_client.keyring.locks` makes them:
//
//   lock = head, nonce (12 bytes), AES-256-GCM(key, nonce, master key, associated data = "kring/2 lock\n" || head)
//   head = JSON as it was written: account, generation of the master key, kind, and how the key is made
//   key  = passphrase: Argon2id(passphrase, salt), 64 MiB, 3 passes, 1 lane, 32 bytes
//          recovery, passkey, device: HKDF-SHA256(secret, salt, info = "kring/2 lock " || kind), 32 bytes
//
// Nothing of a head can be changed without the lock opening no more; and what costs less to try than is said here is refused
// before anything is tried, so that a server can't have somebody's passphrase hashed cheaply and guess at it.
import { type Bytes, joined, utf8 } from "../bytes.ts";
import { derived } from "../hpke.ts";
import { base64, fromBase64, object, one, type Read, record, text, toBase64, whole } from "./reading.ts";

/** KiB that one try at a passphrase takes at least. */
export const MEMORY = 64 * 1024;
export const PASSES = 3;
/** More than that is no lock, but an attack upon the device. */
const MOST_MEMORY = 1024 * 1024;
const MOST_PASSES = 32;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const SALT_BYTES = 16;

export const KINDS = ["passphrase", "recovery", "passkey", "device"] as const;
export type LockKind = (typeof KINDS)[number];

const head = record({
  account: text,
  gen: whole,
  kind: one(...KINDS),
  salt: base64,
  memory: whole,
  passes: whole,
});
type Head = Read<typeof head>;

/** A lock as it is kept: `sealed` begins with the nonce. */
export interface Lock {
  readonly head: Bytes;
  readonly sealed: Bytes;
}

/** Whose lock, of which generation of the master key. */
export interface Whose {
  readonly account: string;
  readonly gen: number;
}

/**
 * It does not open. `wrong`: another secret, or the lock was changed; `cheap`: it would cost too little to try, or far too much;
 * `other`: it is of another account or generation; `unreadable`.
 */
export class LockBroken extends Error {
  override readonly name = "LockBroken";
  readonly code: "wrong" | "cheap" | "other" | "unreadable";

  constructor(code: LockBroken["code"]) {
    super(`a lock does not open: ${code}`);
    this.code = code;
  }
}

/** A passphrase as it is hashed, however it was typed. */
export const plainPassphrase = (typed: string): string =>
  typed
    .normalize("NFKC")
    .toLowerCase()
    .split(/[ \t\r\n]+/)
    .filter((word) => word !== "")
    .join(" ");

async function keyOf({ kind, salt, memory, passes }: Head, secret: Bytes | string): Promise<Bytes> {
  const bytes = typeof secret === "string" ? utf8(plainPassphrase(secret)) : secret;
  if (kind !== "passphrase") return derived(bytes, fromBase64(salt), utf8(`kring/2 lock ${kind}`));
  const { argon2 } = await import("./argon2.ts");
  return argon2({ secret: bytes, salt: fromBase64(salt), memory, passes, length: KEY_BYTES });
}

const aes = (key: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);

const bound = (written: Bytes): Bytes => joined(utf8("kring/2 lock\n"), written);

/** The master key under a secret: a passphrase, or bytes for the other kinds. `fixed`: for the shared vectors only. */
export async function lock(
  master: Bytes,
  secret: Bytes | string,
  kind: LockKind,
  { account, gen }: Whose,
  fixed?: { readonly salt: Bytes; readonly nonce: Bytes },
): Promise<Lock> {
  const salt = fixed?.salt ?? crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const nonce = fixed?.nonce ?? crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const [memory, passes] = kind === "passphrase" ? [MEMORY, PASSES] : [0, 0];
  const said: Head = { account, gen, kind, salt: toBase64(salt), memory, passes };
  const written = utf8(JSON.stringify(said));
  const key = await aes(await keyOf(said, secret));
  const how = { name: "AES-GCM", iv: nonce, additionalData: bound(written) };
  return { head: written, sealed: joined(nonce, new Uint8Array(await crypto.subtle.encrypt(how, key, master))) };
}

function readHead(written: Bytes): Head {
  try {
    const said: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(written));
    return head({ memory: 0, passes: 0, ...object(said) });
  } catch {
    throw new LockBroken("unreadable");
  }
}

const isFair = ({ kind, memory, passes }: Head): boolean =>
  kind !== "passphrase" || (memory >= MEMORY && memory <= MOST_MEMORY && passes >= PASSES && passes <= MOST_PASSES);

/** The master key. A `LockBroken` otherwise. */
export async function unlock(one: Lock, secret: Bytes | string, { account, gen }: Whose): Promise<Bytes> {
  const said = readHead(one.head);
  if (said.account !== account || said.gen !== gen) throw new LockBroken("other");
  if (!isFair(said)) throw new LockBroken("cheap");
  const how = { name: "AES-GCM", iv: one.sealed.slice(0, NONCE_BYTES), additionalData: bound(one.head) };
  const key = await aes(await keyOf(said, secret));
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, one.sealed.slice(NONCE_BYTES)));
  } catch {
    throw new LockBroken("wrong");
  }
}
