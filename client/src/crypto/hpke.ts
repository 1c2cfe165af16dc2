// HPKE (RFC 9180) as all of Kring uses it: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; and HKDF by itself.
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { type Bytes, joined } from "./bytes.ts";
import { SealError } from "./encoding.ts";

const KEY_BYTES = 32;

export const suite = (): CipherSuite =>
  new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** A public X25519 key that came from elsewhere. A `SealError` where it is none. */
export async function importPublic(key: Bytes): Promise<CryptoKey> {
  return suite()
    .kem.deserializePublicKey(key)
    .catch(() => {
      throw new SealError("no public key");
    });
}

/** Seals to a public key, bound to `info`: the encapsulated key, then the ciphertext. `ephemeral` is for the shared vectors only. */
export async function sealTo(key: Bytes, info: Bytes, plain: Bytes, ephemeral?: CryptoKeyPair): Promise<Bytes> {
  const recipientPublicKey = await importPublic(key);
  const to = ephemeral === undefined ? { recipientPublicKey, info } : { recipientPublicKey, info, ekm: ephemeral };
  const { enc, ct } = await suite().seal(to, plain);
  return joined(new Uint8Array(enc), new Uint8Array(ct));
}

/** What was sealed to this pair and bound to `info`. A `SealError` for anything else. */
export async function openWith(recipientKey: CryptoKeyPair, info: Bytes, sealed: Bytes): Promise<Bytes> {
  const enc = sealed.slice(0, KEY_BYTES);
  try {
    return new Uint8Array(await suite().open({ recipientKey, enc, info }, sealed.slice(KEY_BYTES)));
  } catch {
    throw new SealError("sealed to another key, for another place, or changed");
  }
}

/** 32 bytes of HKDF-SHA256. */
export async function derived(secret: Bytes, salt: Bytes, info: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, KEY_BYTES * 8));
}
