// The boxes that somebody types in: one for each contribution of a step. What is in one that is gone was not handed in. Pure.
import type { Fields, SlotView, View } from "../../protocol/index.ts";

/** Where a draft belongs. `given`: how many had been given there before; `on`: for which seat, if it isn't one's own. */
export interface Box {
  readonly phase: string;
  readonly what: string;
  readonly given: number;
  readonly on: string | null;
}

/** The key of a box's draft. */
export function boxKey({ phase, what, given, on }: Box): string {
  return `${phase}/${what}/${given}/${on ?? ""}`;
}

/** The box that a draft was for; `null` for a key that names none. */
export function boxOf(key: string): Box | null {
  // The key of a step that belongs to a sub-method has a slash of its own.
  const [on, given, what, ...phase] = key.split("/").reverse();
  if (!what || phase.length === 0 || !/^\d+$/.test(given ?? "")) return null;
  return { phase: phase.reverse().join("/"), what, given: Number(given), on: on || null };
}

/** Whether something was typed in it. */
export function filled(fields: Fields): boolean {
  return Object.entries(fields).some(([field, value]) => field !== "field" && String(value).trim() !== "");
}

/** Whether a seat, one's own or another, may give this now. */
export type MayGive = (what: string, on: string | null) => boolean;

function slotOf(view: View, what: string, on: string | null): SlotView | null {
  const seat = on ?? view.mine.seat;
  return view.desk.find((slot) => slot.seat === seat && slot.what === what) ?? null;
}

/** Whether a box is on the screen, or will be again in this step: while it is paused, and when it is one's turn. */
export function isOpen(view: View, box: Box, may: MayGive): boolean {
  const slot = slotOf(view, box.what, box.on);
  if (box.phase !== view.phase?.key || !slot || slot.given !== box.given) return false;
  const queued = [view.floor?.seat, ...(view.floor?.next ?? [])].includes(slot.seat);
  return may(box.what, box.on) || (view.meeting.status === "paused" && !slot.passed) || (slot.turn && queued);
}

/** The box into which what was not handed in can be put now; `null` where there is none. */
export function boxFor(view: View, { what, on }: Box, may: MayGive): Box | null {
  const slot = slotOf(view, what, on);
  if (!view.phase || !slot || slot.by === "spoken" || !may(what, on)) return null;
  return { phase: view.phase.key, what, given: slot.given, on };
}

export interface Leftover {
  readonly key: string;
  readonly box: Box;
  readonly fields: Fields;
}

/** What was typed in boxes that are gone; `sending`: drafts that are on their way. */
export function leftovers(
  view: View,
  drafts: Readonly<Record<string, Fields>>,
  sending: ReadonlySet<string>,
  may: MayGive,
): readonly Leftover[] {
  return Object.entries(drafts).flatMap(([key, fields]) => {
    const box = boxOf(key);
    return !box || !filled(fields) || sending.has(key) || isOpen(view, box, may) ? [] : [{ key, box, fields }];
  });
}

/** Whether there is text in a box of which it can be handed in now. */
export function holdsText(view: View, drafts: Readonly<Record<string, Fields>>, may: MayGive): boolean {
  return Object.entries(drafts).some(([key, fields]) => {
    const box = boxOf(key);
    return box !== null && filled(fields) && isOpen(view, box, may) && may(box.what, box.on);
  });
}

/** Both texts, the later one below the other: nothing that was typed is written over. */
export function joined(there: Fields, more: Fields): Fields {
  const both = Object.entries(more).map(([field, value]) => {
    const had = there[field];
    if (had === undefined || String(had).trim() === "") return [field, value] as const;
    return [field, typeof had === "string" && typeof value === "string" ? `${had}\n${value}` : had] as const;
  });
  return { ...there, ...Object.fromEntries(both) };
}
