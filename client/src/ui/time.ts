// What the table shows of time. Practice runs faster: shown is the method's time, which then runs faster too.
import type { View } from "../protocol/index.ts";
import type { UiTexts } from "../texts/ui.nl.ts";
import { clock } from "./reading.ts";

export interface TimeShown {
  readonly large: string;
  readonly small: string;
  readonly part: number | null;
  readonly over: boolean;
  /** Whether the small line only names what the large one plainly is. */
  readonly quiet: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NONE: TimeShown = { large: "", small: "", part: null, over: false, quiet: true };

/** The time in the middle of the table and the part of the ring that is left. */
export function timeShown(view: View | null, left: number | null, t: UiTexts): TimeShown {
  const phase = view?.phase;
  if (!view || !phase) return NONE;
  const paused = view.meeting.status === "paused";
  if (left === null) return paused ? { ...NONE, small: t.time.paused, quiet: false } : NONE;
  const real = left * Math.max(1, view.meeting.factor);
  const whole = Math.max(phase.minutes * MINUTE, real, 1);
  const over = real <= 0 || (phase.signalled && !paused);
  const part = Math.max(0, Math.min(1, real / whole));
  if (paused) return { large: span(real, t), small: t.time.paused, part, over: false, quiet: false };
  if (over)
    return {
      large: span(0, t),
      small: phase.grace === null ? t.time.up : t.time.finish,
      part: 0,
      over: true,
      quiet: false,
    };
  return { large: span(real, t), small: t.time.left, part, over: false, quiet: true };
}

function span(milliseconds: number, t: UiTexts): string {
  if (milliseconds >= 2 * DAY) return t.time.days(Math.floor(milliseconds / DAY));
  if (milliseconds >= 2 * HOUR) return t.time.hours(Math.floor(milliseconds / HOUR));
  return clock(milliseconds);
}
