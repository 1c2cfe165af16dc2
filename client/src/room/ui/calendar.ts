// A calendar file with the latest end of each step of a meeting in writing: no content, no names, no link. Pure.
import { localized } from "../../design/language.svelte.ts";
import type { View } from "../../protocol/index.ts";
import type { Method } from "../../protocol/method.ts";
import { endOf } from "../state/fold.ts";
import { stops } from "./selectors.ts";

export interface Entry {
  /** Tells the step from others of the meeting, whichever is under way: a calendar that has it takes the new end. */
  readonly id: string;
  readonly name: string;
  /** When the step ends at the latest, in milliseconds since the epoch. */
  readonly end: number;
}

const HOUR = 3_600_000;

/** This step and those that follow in this round: each ends at the latest when all before it took as long as they may. */
export function entries(view: View, method: Method): Entry[] {
  const all = stops(method, view);
  const first = all.findIndex((stop) => stop.when === "now");
  const ends = view.phase ? endOf(view.phase) : null;
  if (first < 0 || ends === null) return [];
  let end = ends;
  return all.slice(first).map(({ id, section, phase }, index) => {
    if (index > 0) end += phase.hours * HOUR;
    const round = section === "round" ? `${view.round?.number ?? 1}-` : "";
    return { id: round + id.replace(":", "-"), name: localized(phase.name), end };
  });
}

const stamp = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
const quoted = (text: string): string => text.replace(/[\\;,]/g, "\\$&").replace(/\n/g, "\\n");

/** Lines of at most 75 octets, as RFC 5545 asks; the next one begins with a space. */
function folded(line: string): string {
  const bytes = new TextEncoder();
  const parts: string[] = [];
  let part = "";
  for (const sign of line) {
    if (bytes.encode(part + sign).length > 73) {
      parts.push(part);
      part = "";
    }
    part += sign;
  }
  return [...parts, part].join("\r\n ");
}

/** The file. `sentence`: what an entry says of a step. `uid`: tells this meeting's entries from others, and says nothing of it. */
export function calendar(list: readonly Entry[], uid: string, now: number, sentence: (step: string) => string): string {
  const lines = list.flatMap(({ id, name, end }) => [
    "BEGIN:VEVENT",
    `UID:${uid}-${id}@kring`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(end - HOUR)}`,
    `DTEND:${stamp(end)}`,
    `SUMMARY:${quoted(sentence(name))}`,
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${quoted(sentence(name))}`,
    "TRIGGER:-PT12H",
    "END:VALARM",
    "END:VEVENT",
  ]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kring//EN", ...lines, "END:VCALENDAR", ""]
    .map(folded)
    .join("\r\n");
}
