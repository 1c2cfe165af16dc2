// Which changes of the view get a sound.
import type { View } from "../../protocol/index.ts";

export type Cue = "turn" | "phase" | "time";

const myTurn = (view: View | null): boolean => view?.mine.seat != null && view.floor?.seat === view.mine.seat;

/** The cues for a change between two views, the most important last; none for the first view of a page. */
export function cues(before: View | null, after: View): readonly Cue[] {
  if (!before) return [];
  const found: Cue[] = [];
  const samePhase = before.phase?.key === after.phase?.key;
  if (!samePhase) found.push("phase");
  if (samePhase && after.phase?.signalled && !before.phase?.signalled) found.push("time");
  if (myTurn(after) && !(samePhase && myTurn(before))) found.push("turn");
  return found;
}
