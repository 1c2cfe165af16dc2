// What the room's state is made of, and what it tells and takes.
import type { View } from "../../protocol/index.ts";
import type { Environment } from "./environment.ts";

export interface RoomOptions {
  readonly meeting: string;
  readonly practice: boolean;
  readonly table: boolean;
  /** `location.hash`: carries the meeting's key, which never leaves the browser. */
  readonly fragment: string;
  /** For tests; the browser's by default. */
  readonly environment?: Partial<Environment>;
}

/** One change of what this device knows. `because`: types of the events; empty after (re)connecting. */
export interface Change {
  readonly before: View | null;
  readonly after: View;
  readonly because: readonly string[];
}

export interface GiveOptions {
  /** The seat on whose behalf it is given, if it isn't one's own. */
  readonly on?: string | null;
  /** The draft that is cleared once the room has it. */
  readonly draft?: string | null;
}
