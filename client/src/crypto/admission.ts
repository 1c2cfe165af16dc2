// Getting in: whoever has a meeting's key proves it to the server without giving it away.
//
//   proof = HKDF-SHA-256(key, no salt, "kring/1\nadmission\n{meeting}"), 32 bytes
//
// The server keeps the SHA-256 of it, set when the meeting is opened. So the opener makes the meeting's id, too.
import { decode, encode, isEncoded } from "./encoding.ts";

const BITS = 256;
const ID_LENGTH = 20;
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** A new meeting's id: 100 random bits. */
export function newMeetingId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LENGTH));
  return Array.from(bytes, (byte) => BASE32.charAt(byte % BASE32.length)).join("");
}

/** Why nobody gets in by what a link has behind its #; `null` where it is a key. */
export function whyNoKey(key: string | null): "key-missing" | "wrong-key" | null {
  if (key === null) return "key-missing";
  return isEncoded(key) ? null : "wrong-key";
}

/** What proves that this device has the key of that meeting. `key`: as it stands in the link. */
export async function admissionProof(key: string, meeting: string): Promise<string> {
  const secret = await crypto.subtle.importKey("raw", decode(key), "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(`kring/1\nadmission\n${meeting}`);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return encode(new Uint8Array(await crypto.subtle.deriveBits(algorithm, secret, BITS)));
}

/** What the server keeps of a proof. */
export async function admissionHash(proof: string): Promise<string> {
  return encode(new Uint8Array(await crypto.subtle.digest("SHA-256", decode(proof))));
}
