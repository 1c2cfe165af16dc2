// From the bytes of a file that somebody picked to its text. What is not UTF-8 is refused with the remark of the command line
// (`kring.methods.source_text`): opened with replacement characters, letters would be lost for good.
import type { Remark, Said } from "./api.ts";

/** Bytes that the reader accepts (`MOST_BYTES` there). */
export const MAX_BYTES = 256 * 1024;

const TOP = { line: 1, column: 1 };

/** The text; or where and why the file can't be opened. `size`: bytes of the whole file, of which these are the first. */
export function decoded(bytes: Uint8Array, size = bytes.length): string | Remark {
  const large = tooLarge(size);
  if (large) return large;
  const encoding = otherEncoding(bytes);
  if (encoding) return remark(TOP, { code: "other-encoding", args: { encoding } });
  const whole = valid(bytes, bytes.length, false);
  if (whole !== null) return whole;
  return remark(endOf(longestValid(bytes)), { code: "not-utf-8", args: {} });
}

/** That a file of so many bytes is too large, and by how much; `null` where it isn't. */
export function tooLarge(size: number): Remark | null {
  const over = Math.ceil((size - MAX_BYTES) / 1024);
  return over > 0 ? remark(TOP, { code: "file-too-large", args: { over, most: MAX_BYTES / 1024 } }) : null;
}

const remark = (at: { line: number; column: number }, said: Said): Remark => ({ ...at, ...said, notes: [] });

/** Which other encoding the first bytes give away. Without a mark, half of the bytes of plain words are zero in UTF-16. */
function otherEncoding(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  const pairs = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  if ((pairs && a === 0xff && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) return "UTF-32";
  return pairs || bytes.subarray(0, 4).includes(0) ? "UTF-16" : null;
}

/** The first bytes as text, if they are UTF-8; `open`: the last letter may be cut in two. */
function valid(bytes: Uint8Array, length: number, open: boolean): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: open });
  } catch {
    return null;
  }
}

function longestValid(bytes: Uint8Array): string {
  let [least, most] = [0, bytes.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (valid(bytes, middle, true) === null) most = middle - 1;
    else least = middle;
  }
  return valid(bytes, least, true) ?? "";
}

/** Where a text ends: lines and columns from 1, counted in characters. */
function endOf(text: string): { line: number; column: number } {
  const lines = text.split("\n");
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}
