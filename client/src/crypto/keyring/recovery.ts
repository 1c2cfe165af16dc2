// The recovery code, as `kring_client.keyring.recovery` spells it: 128 bits in Crockford's base32 (no I, L, O, U) and a check digit,
// which is the number modulo 37. Written in groups of five; read in any, in any case, with O for 0 and I or L for 1.
import type { Bytes } from "../bytes.ts";

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK = `${DIGITS}*~$=U`;
const BYTES = 16;
const LENGTH = 26;
const GROUP = /.{1,5}/g;

/** A code that nobody has yet. */
export const newCode = (): Bytes => crypto.getRandomValues(new Uint8Array(BYTES));

const checkOf = (number: bigint): string => CHECK.charAt(Number(number % BigInt(CHECK.length)));

/** A code as it is written down. */
export function spelled(code: Bytes): string {
  const number = code.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const places = Array.from({ length: LENGTH }, (_, at) => BigInt(5 * (LENGTH - 1 - at)));
  const digits = places.map((place) => DIGITS.charAt(Number((number >> place) & 31n))).join("");
  return (digits + checkOf(number)).match(GROUP)?.join("-") ?? "";
}

const heard = (digit: string): string => ({ O: "0", I: "1", L: "1" })[digit] ?? digit;

/** The code that somebody typed; `null` where a digit must be wrong. */
export function readCode(text: string): Bytes | null {
  const typed = [...text.toUpperCase().replace(/[\s-]/g, "")].map(heard);
  const digits = typed.slice(0, LENGTH).map((digit) => DIGITS.indexOf(digit));
  if (typed.length !== LENGTH + 1 || digits.includes(-1)) return null;
  const number = digits.reduce((sum, digit) => sum * 32n + BigInt(digit), 0n);
  if (number >> BigInt(8 * BYTES) || checkOf(number) !== typed[LENGTH]) return null;
  return Uint8Array.from({ length: BYTES }, (_, at) => Number((number >> BigInt(8 * (BYTES - 1 - at))) & 255n));
}
