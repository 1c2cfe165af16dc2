import { describe, expect, it } from "vitest";
import { NOOR, phaseOf, viewOf } from "../../../tests/cast.ts";
import { readMethod } from "../../protocol/method.ts";
import { calendar, entries } from "./calendar.ts";

const HOUR = 3_600_000;
const END = Date.UTC(2026, 11, 4, 12, 30);
const steps = [
  { id: "1-round-questions", name: "Vragen; open, en kort", end: END },
  {
    id: "closing-tour",
    name: "Een naam die langer is dan in één regel van een kalenderbestand past, met é en ☂",
    end: END + 24 * HOUR,
  },
];
const file = calendar(steps, "k7d2m5qw", END - 99 * HOUR, (step) => `Kring: ${step} sluit`);

describe("the calendar file of a meeting in writing", () => {
  it("has an entry in UTC for the end of each step, with a word beforehand", () => {
    expect(file.match(/BEGIN:VEVENT/g)).toHaveLength(2);
    expect(file).toContain("DTSTART:20261204T113000Z\r\nDTEND:20261204T123000Z");
    expect(file).toContain("TRIGGER:-PT12H");
    expect(file).toContain("UID:k7d2m5qw-1-round-questions@kring");
  });

  it("is well-formed: CRLF, folded lines, escaped text", () => {
    for (const line of file.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(file).not.toMatch(/[^\r]\n/);
    expect(file).toContain("SUMMARY:Kring: Vragen\\; open\\, en kort sluit");
    expect(file.replaceAll("\r\n ", "")).toContain("past\\, met é en ☂ sluit");
  });

  it("knows a step again from a later one: a calendar then takes its new end, and has no step twice", () => {
    const steps = ["bring", "ask", "advise"].map((id) => ({ id, kind: "tell", minutes: 0, hours: 24 }));
    const method = readMethod({ id: "m", opening: steps.slice(0, 1), round: steps.slice(1), closing: [] });
    const at = (section: "opening" | "round", id: string, round: number) =>
      viewOf({
        round: round ? { number: round, of: 2, owner: NOOR, case: null } : null,
        phase: { ...phaseOf(`${section}:${round}:${id}`, id), section },
      });
    const ids = (view: ReturnType<typeof viewOf>) => entries(view, method).map((entry) => entry.id);
    expect(ids(at("opening", "bring", 0))).toEqual(["opening-bring", "1-round-ask", "1-round-advise"]);
    expect(ids(at("round", "advise", 1))).toEqual(["1-round-advise"]);
    expect(ids(at("round", "ask", 2))).toEqual(["2-round-ask", "2-round-advise"]);
  });
});
