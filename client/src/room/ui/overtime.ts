// What is said once the time of a step is up and it waits for what is still owed. Pure.
import type { View } from "../../protocol/index.ts";
import type { UiTexts } from "../texts/nl.ts";
import { listed, owing } from "./selectors.ts";

/** For whom a step waits in its overtime; `null` when it is not in overtime. */
export function waitedFor(view: View | null, t: UiTexts, name: (seat: string) => string): string | null {
  if (!view?.phase || view.phase.overtime === null || view.meeting.status === "closed") return null;
  const late = owing(view, view.mine.seat).map(name);
  const mine = view.mine.seat !== null && owing(view, null).includes(view.mine.seat);
  if (mine) return late.length > 0 ? t.overtime.forYouAnd(listed(late, t.and)) : t.overtime.forYou;
  return late.length > 0 ? t.overtime.for(listed(late, t.and)) : t.overtime.forRest;
}
