// What is said while a step waits: in overtime for what is still owed, or a moment for whoever still types. Pure.
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

/** What is said while a step is about to end; `holds`: whether this person has text that they have not sent. */
export function endingSaid(
  view: View | null,
  holds: boolean,
  t: UiTexts,
  name: (seat: string) => string,
): string | null {
  if (!view?.phase || view.phase.ending == null || view.phase.outcome || view.meeting.status === "closed") return null;
  if (holds) return t.unsent.mine;
  const others = (view.mine.typing ?? []).filter((seat) => seat !== view.mine.seat);
  return others.length > 0 ? t.unsent.waits(listed(others.map(name), t.and), others.length) : t.unsent.ending;
}
