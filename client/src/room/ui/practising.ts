// Practice: time waits while it is the newcomer's turn, and runs on by itself afterwards. Pure.
import type { View } from "../../protocol/index.ts";
import type { Phase, What } from "../../protocol/method.ts";
import { acts } from "./selectors.ts";

/** What the newcomer asked of time: a speed, to hold it, or to hurry to their own turn. */
export interface Wish {
  readonly factor: number;
  readonly held: boolean;
  readonly hurried: boolean;
}

export const STILL = 0;
export const FASTEST = 60;
export const BEGIN: Wish = { factor: 1, held: false, hurried: false };

/** How fast time goes by this wish, when the view is as it is. */
export function speedFor(wish: Wish, view: View, step: Phase | null): number {
  if (wish.held || thinks(view, step)) return STILL;
  // Something is owed freely: others go on, as fast as people do, and nothing is hurried past.
  if (acts(view) && !voted(view)) return 1;
  return wish.hurried ? FASTEST : wish.factor;
}

/** Whether all is up to this person: their turn, a vote or choice, a role to fill, or what each does alone. */
export function thinks(view: View, step: Phase | null): boolean {
  if (!acts(view) || voted(view)) return false;
  const { seat, permitted } = view.mine;
  const alone = new Set(step?.gives.filter((give) => give.turns === "alone").map((give) => give.what));
  const may = (wanted: string): boolean => permitted.some(([command]) => command === wanted);
  if (view.floor?.seat === seat || may("vote") || may("choose") || view.phase?.casting.length) return true;
  return view.desk.some((slot) => slot.seat === seat && slot.owed > 0 && alone.has(slot.what as What));
}

/** Whether only a vote is left, which they have cast and may still change: that holds nobody up. */
function voted(view: View): boolean {
  const others = view.mine.permitted.some(([command]) => command === "choose" || command === "give");
  return view.mine.vote !== null && !others && view.floor?.seat !== view.mine.seat;
}
