// The link of an invitation, as `kring_client.circle.link` has it: what it carries stands behind the `#`, and never reaches the server.
//
//   /c/{circle}#{circle}.{seed}.{head}        each 32 bytes as base64url
//
// `seed`: the private half of the key in the `invite` entry; `head`: the latest entry that the inviter knew: a log without it was
// cut short, or is another.
import type { Bytes } from "../crypto/bytes.ts";
import { decode, encode } from "../crypto/encoding.ts";
import { CircleTrouble } from "./trouble.ts";

/** `circle`, `head`: hashes in hexadecimal. */
export interface Link {
  readonly circle: string;
  readonly seed: Bytes;
  readonly head: string;
}

const BYTES = 32;
const hex = (bytes: Bytes): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytesOf = (text: string): Bytes =>
  Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));

export const fragmentOf = ({ circle, seed, head }: Link): string =>
  [bytesOf(circle), seed, bytesOf(head)].map(encode).join(".");

/** The address to share, on this site. */
export const addressOf = (link: Link, origin: string): string => `${origin}/c/${link.circle}#${fragmentOf(link)}`;

/** From a fragment, with or without its `#`. A `link-broken` otherwise. */
export function readLink(fragment: string): Link {
  const [circle, seed, head, ...more] = fragment.replace(/^#/, "").split(".").map(part);
  if (!circle || !seed || !head || more.length > 0) throw new CircleTrouble("link-broken");
  return { circle: hex(circle), seed, head: hex(head) };
}

function part(text: string): Bytes {
  try {
    const bytes = decode(text);
    if (bytes.length === BYTES) return bytes;
  } catch {
    // Said below.
  }
  throw new CircleTrouble("link-broken");
}
