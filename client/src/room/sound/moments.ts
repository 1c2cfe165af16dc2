// The moments worth a sound: few, and each told by what changed on the screen.
import type { View } from "../../protocol/index.ts";

export type Moment = "turn" | "phase" | "time";

const myTurn = (view: View | null): boolean => view?.mine.seat != null && view.floor?.seat === view.mine.seat;

/** What happened between two views, the weightiest last; nothing on the first view of a page. */
export function moments(before: View | null, after: View): readonly Moment[] {
  if (!before) return [];
  const found: Moment[] = [];
  const samePhase = before.phase?.key === after.phase?.key;
  if (!samePhase) found.push("phase");
  if (samePhase && after.phase?.signalled && !before.phase?.signalled) found.push("time");
  if (myTurn(after) && !(samePhase && myTurn(before))) found.push("turn");
  return found;
}
