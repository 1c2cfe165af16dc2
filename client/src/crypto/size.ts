// How much fits: the room takes sealed bodies up to a number of bytes, so what counts is the text as it is sealed, in UTF-8.
// The same is counted in Python (`kring_client.sealing`); tests/fixtures/limits.json holds examples shared by both and the room.
import { BLOCK, type Plain, SEALED_AROUND } from "./seal.ts";

/** Bytes of one sealed body that the room takes (`MAX_BODY` in `kring_room.wire.messages`). */
const MAX_BODY = 12 * 1024;
/** Bytes of the text of all fields together, as JSON, that fit: whole blocks, whichever the format. */
export const MOST_BYTES = Math.floor((MAX_BODY - SEALED_AROUND) / BLOCK) * BLOCK;

const bytes = (fields: Plain): number => new TextEncoder().encode(JSON.stringify(fields)).length;

/** How many characters, taken from the end of the longest field, are too many; 0 where everything fits. */
export function excess(fields: Plain): number {
  let over = bytes(fields) - MOST_BYTES;
  if (over <= 0) return 0;
  const texts = Object.values(fields).filter((value) => typeof value === "string");
  const longest = texts.reduce((one, other) => (bytes({ t: other }) > bytes({ t: one }) ? other : one), "");
  const characters = [...longest];
  const empty = bytes({ t: "" });
  let count = 0;
  while (over > 0 && characters.length > 0) {
    over -= bytes({ t: characters.pop() ?? "" }) - empty;
    count += 1;
  }
  return count;
}
