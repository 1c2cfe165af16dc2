// The keys of a member of one circle, which follow from the person's master key, as `kring_client.keyring.member` makes them.
//
//   secret = HKDF-SHA256(master key, no salt, info = parts("kring/2 member", purpose, member id, generation)), 32 bytes
//   purpose: "sign" (the seed of an Ed25519 key) or "box" (an X25519 key); parts: each after its length in four bytes
import { type Bytes, framed, joined } from "../bytes.ts";
import { decode } from "../encoding.ts";
import { derived } from "../hpke.ts";
import type { Keys } from "./entries.ts";
import type { Whose } from "./locks.ts";
import { toBase64 } from "./reading.ts";

export const KEY_BYTES = 32;
/** What stands before a private key of 32 bytes in PKCS #8 (RFC 8410), up to the last byte of its algorithm's name. */
const PKCS8 = { X25519: 0x6e, Ed25519: 0x70 } as const;
type Algorithm = keyof typeof PKCS8;
const USES = { X25519: ["deriveBits"], Ed25519: ["sign"] } as const;

export const fresh = (): Bytes => crypto.getRandomValues(new Uint8Array(KEY_BYTES));

/** A key pair of its private half; the public half as the 32 bytes that others see. */
interface Pair {
  readonly privateKey: CryptoKey;
  readonly shown: Bytes;
}

async function pairOf(algorithm: Algorithm, secret: Bytes): Promise<Pair> {
  const head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, PKCS8[algorithm], 4, 0x22, 4, 0x20];
  const wrapped = joined(Uint8Array.from(head), secret);
  const uses = [...USES[algorithm]];
  // The public half is read off a copy that may be read; what stays can't be.
  const readable = await crypto.subtle.importKey("pkcs8", wrapped, algorithm, true, uses);
  const { x = "" } = await crypto.subtle.exportKey("jwk", readable);
  const privateKey = await crypto.subtle.importKey("pkcs8", wrapped, algorithm, false, uses);
  return { privateKey, shown: decode(x) };
}

const signed = async (key: CryptoKey, what: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign("Ed25519", key, what));

/** What a member signs with and opens boxes with. `keys`: the public halves, as they stand in the log. */
export class MemberKeys {
  readonly keys: Keys;
  readonly box: CryptoKeyPair;
  readonly #sign: CryptoKey;

  private constructor(keys: Keys, sign: CryptoKey, box: CryptoKeyPair) {
    this.keys = keys;
    this.box = box;
    this.#sign = sign;
  }

  /** Those of a generation. */
  static async of(master: Bytes, member: string, gen: number): Promise<MemberKeys> {
    const secret = (purpose: string) =>
      derived(master, new Uint8Array(), framed("kring/2 member", purpose, member, String(gen)));
    const sign = await pairOf("Ed25519", await secret("sign"));
    const box = await pairOf("X25519", await secret("box"));
    const publicKey = await crypto.subtle.importKey("raw", box.shown, "X25519", true, []);
    const keys = { sign: toBase64(sign.shown), box: toBase64(box.shown) };
    return new MemberKeys(keys, sign.privateKey, { privateKey: box.privateKey, publicKey });
  }

  sign(what: Bytes): Promise<Bytes> {
    return signed(this.#sign, what);
  }
}

/** The seed in the link of an invitation: what signs the keys of whoever asks to join, and what opens what was left for them. */
export class Seed {
  readonly secret: Bytes;
  /** As it stands in the invitation. */
  readonly shown: string;
  readonly #sign: CryptoKey;

  private constructor(secret: Bytes, shown: string, sign: CryptoKey) {
    this.secret = secret;
    this.shown = shown;
    this.#sign = sign;
  }

  static async of(secret: Bytes = fresh()): Promise<Seed> {
    const { privateKey, shown } = await pairOf("Ed25519", secret);
    return new Seed(secret, toBase64(shown), privateKey);
  }

  sign(what: Bytes): Promise<Bytes> {
    return signed(this.#sign, what);
  }

  /** The key in place of an epoch's for what the invited may read before they accept: HKDF-SHA256 of the seed. */
  key(): Promise<Bytes> {
    return derived(this.secret, new Uint8Array(), framed("kring/2 invitation"));
  }
}

/** What an account signs with that it deletes a lock, or has a new master key: it follows from the master key, and is of no circle. */
export async function ownerOf(master: Bytes, { account, gen }: Whose): Promise<Pick<Seed, "shown" | "sign">> {
  return Seed.of(await derived(master, new Uint8Array(), framed("kring/2 account", account, String(gen))));
}
