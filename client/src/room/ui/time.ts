// The time on the table. In a sped-up practice meeting it is the method's time, which runs faster too.
import type { Language } from "../../design/language.svelte.ts";
import type { PhaseView, View } from "../../protocol/index.ts";
import type { Method, Phase } from "../../protocol/method.ts";
import { endOf } from "../state/fold.ts";
import type { UiTexts } from "../texts/nl.ts";
import { shortDay, timeOfDay } from "./dates.ts";
import { clock } from "./selectors.ts";

export interface TimeShown {
  readonly large: string;
  readonly small: string;
  readonly part: number | null;
  readonly over: boolean;
  /** Whether the small line only labels the large one, and may be left out. */
  readonly quiet: boolean;
}

const MINUTE = 60_000;
/** How long a step still takes at most for whoever types, once it is sure that it ends. */
const MOMENT = 15_000;
/** How long what was chosen is shown. */
const OUTCOME = 10_000;
/** How many times as slow time goes that stands still for whoever practises (`kring.meeting.state`). */
const STILL = 1000;
const NONE: TimeShown = { large: "", small: "", part: null, over: false, quiet: true };

/** The time in the middle of the table, and how much of the ring is left. */
export function timeShown(view: View | null, left: number | null, t: UiTexts, language: Language): TimeShown {
  const phase = view?.phase;
  if (!view || !phase) return NONE;
  if (view.meeting.written) return untilShown(phase, left, t, language);
  const paused = view.meeting.status === "paused";
  if (left === null) return paused ? { ...NONE, small: t.time.paused, quiet: false } : NONE;
  const still = view.meeting.factor === 0;
  const real = still ? left / STILL : left * view.meeting.factor;
  const whole = Math.max(phase.minutes * MINUTE, real, 1);
  if (phase.ending != null && !paused) {
    const share = Math.max(0, Math.min(1, real / (phase.outcome ? OUTCOME : MOMENT)));
    const small = phase.outcome ? t.time.outcome : t.time.ending;
    return { large: clock(real), small, part: share, over: false, quiet: false };
  }
  const over = real <= 0 || (phase.signalled && phase.overtime === null && !paused);
  const part = Math.max(0, Math.min(1, real / whole));
  if (paused) return { large: clock(real), small: t.time.paused, part, over: false, quiet: false };
  if (phase.grace !== null) {
    const share = Math.max(0, Math.min(1, real / MINUTE));
    return { large: clock(real), small: t.time.finish, part: share, over: true, quiet: false };
  }
  // How long it has been up: nobody has to guess.
  if (over) return { large: `+${clock(-real)}`, small: t.time.up, part: 0, over: true, quiet: false };
  if (phase.overtime !== null) return { large: clock(real), small: t.time.overtime, part, over: false, quiet: false };
  return { large: clock(real), small: still ? t.time.still : t.time.left, part, over: false, quiet: !still };
}

/** In a written meeting: the day and time of the deadline. */
function untilShown(phase: PhaseView, left: number | null, t: UiTexts, language: Language): TimeShown {
  const end = endOf(phase);
  if (left === null || end === null) return NONE;
  const part = Math.max(0, Math.min(1, left / Math.max(1, end - phase.started)));
  const small = t.time.until(timeOfDay(end, language));
  return { large: shortDay(end, end - left, language), small, part, over: false, quiet: false };
}

/** How long a step stays open in a written meeting. */
export function spanOf(hours: number, t: UiTexts): string {
  return hours % 24 === 0 ? t.time.days(hours / 24) : t.time.hours(hours);
}

/** How many minutes, from and to: "5–10". */
export function rangeOf(part: Pick<Method, "minutes" | "minutes-from">, language: Language): string {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return [part["minutes-from"], part.minutes]
    .filter((value) => value !== null)
    .map((value) => number.format(value))
    .join("–");
}

/** How long a step takes in a room: "5–10 min", "2 min per person". */
export function minutesOf(phase: Phase, t: UiTexts, language: Language): string {
  const short = t.minutesShort(rangeOf(phase, language));
  return phase.per === "phase" ? short : `${short} ${t.per[phase.per]}`;
}
