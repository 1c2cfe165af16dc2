// Which 32 bytes are a public key, as `kring.circle.points` says it: a point in its one spelling, and none of small order. To a
// signing key among those, signatures fit whatever was signed; to a sealing key among them nothing can be sealed.
import type { Bytes } from "../bytes.ts";

const PRIME = 2n ** 255n - 19n;
const SIGN = 2n ** 255n;

/** The number that bytes are, the lowest first. */
const number = (key: Bytes): bigint => key.reduceRight((above, byte) => above * 256n + BigInt(byte), 0n);

/** The y of the points of small order on Edwards' curve. */
const TWISTED: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  PRIME - 1n,
]);
/** The u of the points of small order on Montgomery's curve, and on its twist. */
const MONTGOMERY: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  0x00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0n,
  0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5fn,
  PRIME - 1n,
]);

/** Whether these 32 bytes may be an Ed25519 public key. */
export function canSign(key: Bytes): boolean {
  const y = number(key) % SIGN;
  return y < PRIME && !TWISTED.has(y);
}

/** Whether these 32 bytes may be an X25519 public key. */
export function canBeSealedTo(key: Bytes): boolean {
  const u = number(key);
  return u < PRIME && !MONTGOMERY.has(u);
}
