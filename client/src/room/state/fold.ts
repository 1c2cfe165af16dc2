// Folds what the room sends into this device's view. Pure: the same as `apply` in `kring.meeting`.
import type { FactsOut, ItemView, PhaseView, SlotView, View } from "../../protocol/index.ts";

const byNumber = (a: ItemView, b: ItemView): number => a.n - b.n;

function merged(old: readonly ItemView[], news: readonly ItemView[]): readonly ItemView[] {
  if (news.length === 0) return old;
  const items = new Map(old.map((item) => [item.n, item]));
  for (const item of news) items.set(item.n, item);
  return [...items.values()].sort(byNumber);
}

function placed(old: readonly SlotView[], news: readonly SlotView[]): readonly SlotView[] {
  return news.length === 0
    ? old
    : old.map((slot) => news.find((each) => each.seat === slot.seat && each.what === slot.what) ?? slot);
}

/**
 * The view after these facts: sections are replaced whole, items added or replaced by their number, or begun anew,
 * places of the desk replaced by their seat and kind.
 */
export function fold(view: View, facts: FactsOut): View {
  const desk = placed(view.desk, facts.desk ?? []);
  return { ...view, desk, ...facts.set, items: merged(facts.fresh ? [] : view.items, facts.items ?? []) };
}

/** Where a content belongs: who made it, and as what. */
export interface Author {
  readonly seat: string;
  readonly kind: string;
}

/** Every content id that this view names, with its author and kind: what is needed to open it. */
export function authors(view: View): Map<string, Author> {
  const found = new Map<string, Author>();
  for (const seat of view.seats) found.set(seat.name, { seat: seat.id, kind: "name" });
  if (view.video) found.set(view.video.content, { seat: view.video.seat, kind: "video" });
  for (const item of view.items) {
    if (item.content !== null) found.set(item.content, { seat: item.seat, kind: item.what });
  }
  return found;
}

/** When the time ends that is counted now: at the deadline, when overtime is over, when the speaker must have finished, or when a step ends. */
export function endOf(phase: PhaseView): number | null {
  return phase.ending ?? phase.grace ?? phase.overtime ?? phase.deadline;
}

/** Milliseconds left of the phase at this time of the server's clock; `null` without a deadline. */
export function left(view: View, now: number): number | null {
  const phase = view.phase;
  if (!phase) return null;
  if (view.meeting.status === "paused") return phase.remaining;
  const end = endOf(phase);
  return end === null ? null : end - now;
}

/** What can be chosen: whose it is, and its content; what was said aloud has none. */
export interface Case {
  readonly seat: string | null;
  readonly content: string | null;
}

/** An option as it is named on the wire: a content id, `@` and a seat, or `#` and the number of a contribution. */
export function caseOf(view: View | null, option: string): Case {
  if (option.startsWith("#")) {
    const item = view?.items.find((each) => each.n === Number(option.slice(1)));
    return { seat: item?.seat ?? null, content: item?.content ?? null };
  }
  if (option.startsWith("@")) return { seat: option.slice(1), content: null };
  const item = view?.items.find((each) => each.content === option);
  return { seat: item?.seat ?? null, content: option };
}
