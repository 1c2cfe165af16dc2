// What a check by voice reckons with: the transcript, the digits that come of it, and the box that is bound to it.
// `kring_client/voice.py` says what stands in each byte.
import { type Bytes, framed, sha256 } from "./bytes.ts";
import { encode } from "./encoding.ts";
import { KEY_BYTES } from "./keys.ts";

export type Purpose = "meeting" | "circle";
/** Of a nonce, a receipt, a hash, and of a key. */
export const BYTES = KEY_BYTES;

/** All that both sides must have seen alike. */
export interface Transcript {
  readonly purpose: Purpose;
  readonly place: string;
  readonly newcomer: string;
  readonly fellow: string;
  readonly bound: Bytes;
  readonly nonce: Bytes;
  readonly keys: Bytes;
  readonly answerNonce: Bytes;
}

export const same = (one: Uint8Array, other: Uint8Array): boolean => encode(one) === encode(other);
export const fresh = (): Bytes => crypto.getRandomValues(new Uint8Array(BYTES));

/** SHA-256 of all of it, each part framed. */
export async function hashOf(seen: Transcript): Promise<Bytes> {
  const { purpose, place, newcomer, fellow, bound, nonce, keys, answerNonce } = seen;
  const who = ["newcomer", newcomer, "fellow", fellow];
  return sha256(framed("kring/2 voice", purpose, place, ...who, bound, nonce, keys, answerNonce));
}

/** The commitment to a meeting's key: it gives nothing of it away, and no other key has it. */
export async function boundTo(meeting: string, key: Bytes): Promise<Bytes> {
  return sha256(framed("kring/2 voice key", meeting, key));
}

/** So many digits of the hash of a transcript. */
export async function digits(transcript: Bytes, count: 9 | 6): Promise<string> {
  const hash = await sha256(framed(`kring/2 voice ${count === 9 ? "nine" : "six"}`, transcript));
  const number = new DataView(hash.buffer).getBigUint64(0) % 10n ** BigInt(count);
  return String(number).padStart(count, "0");
}

/** What a box is bound to: the hash of one transcript. */
export const boxInfo = (transcript: Bytes): Bytes => framed("kring/2 voice box", transcript);
