// Why a circle's client goes no further, beside what is wrong with a log (`Code` of `crypto/keyring.ts`). The codes are those of
// `kring_client.circle.port`, and stable: screens have words for each, and say what to do.
import { Broken, type Code } from "../crypto/keyring.ts";

/**
 * `box-broken`: a box of mine opens to another key than the others have, or not at all. `keys-changed`: the circle knows other
 * keys as mine. `forked`: another history was shown to somebody. `unsettled`: whoever has the key is not exactly who belongs to
 * the circle, so that nothing is sealed. `no-key`: sealed before I came. `item-broken`: changed, moved, or by somebody else than
 * it says. `head-broken`: what another member is said to have read was not signed by them. `rules-other`: the house rules that
 * are shown aren't those that were agreed. `stopped`: one of these was found before, and nothing goes on here.
 */
export const TROUBLES = [
  "box-broken",
  "keys-changed",
  "forked",
  "unsettled",
  "no-key",
  "not-a-member",
  "link-broken",
  "item-broken",
  "head-broken",
  "rules-other",
  "stopped",
] as const;
export type Trouble = (typeof TROUBLES)[number];

export class CircleTrouble extends Error {
  override readonly name = "CircleTrouble";
  readonly code: Trouble;

  constructor(code: Trouble) {
    super(`the circle goes no further: ${code}`);
    this.code = code;
  }
}

/** What the server was found out in; sealing has stopped. */
export type Warning = Code | Trouble;

/** What says that the server lies, of all that can be thrown while reading; `null` for anything else. */
export function warningOf(error: unknown): Warning | null {
  if (error instanceof Broken) return error.code === "too-new" ? null : error.code;
  return error instanceof CircleTrouble ? error.code : null;
}
