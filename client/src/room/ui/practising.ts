// Practice: time waits while it is the newcomer's turn, and runs on by itself afterwards. Pure.
import type { View } from "../../protocol/index.ts";
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
export function speedFor(wish: Wish, view: View): number {
  if (wish.held || thinks(view)) return STILL;
  return wish.hurried ? FASTEST : wish.factor;
}

/** Whether the meeting waits for this person: what they may change afterwards, such as a vote, holds nobody up. */
export function thinks(view: View): boolean {
  if (!acts(view)) return false;
  const voting = view.mine.permitted.some(([command]) => command === "vote");
  const others = view.mine.permitted.some(([command]) => command === "choose" || command === "give");
  return !voting || others || view.floor?.seat === view.mine.seat || view.mine.vote === null;
}
