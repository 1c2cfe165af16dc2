import type { EndCode, RefusalCode } from "../../protocol/codes.ts";

/** Endings of which the room's page tells in words of its own. */
type Told =
  | "replaced"
  | "shown-out"
  | "doors-closed"
  | "unknown-meeting"
  | "full"
  | "key-missing"
  | "wrong-key"
  | "insecure"
  | "expired"
  | "left"
  | "forgotten";

/** The texts of every stable code. A missing code doesn't compile. */
export interface CodeTexts {
  /** Why a command changed nothing; shown beside the button that was pressed. */
  readonly refusals: Readonly<Record<RefusalCode, string>>;
  /** Why the connection is closed for good, or for now. */
  readonly endings: Readonly<Record<Exclude<EndCode, Told>, string>>;
}
