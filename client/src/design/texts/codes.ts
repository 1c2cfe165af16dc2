import type { EndCode, RefusalCode } from "../../protocol/codes.ts";

/** The texts of every stable code. A missing code doesn't compile. */
export interface CodeTexts {
  /** Why a command changed nothing; shown beside the button that was pressed. */
  readonly refusals: Readonly<Record<RefusalCode, string>>;
  /** Why the connection is closed for good, or for now. */
  readonly endings: Readonly<Record<EndCode, string>>;
}
