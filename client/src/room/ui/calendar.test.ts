import { describe, expect, it } from "vitest";
import { calendar } from "./calendar.ts";

const HOUR = 3_600_000;
const END = Date.UTC(2026, 11, 4, 12, 30);
const steps = [
  { name: "Vragen; open, en kort", end: END },
  { name: "Een naam die langer is dan in één regel van een kalenderbestand past, met é en ☂", end: END + 24 * HOUR },
];
const file = calendar(steps, "k7d2m5qw", END - 99 * HOUR, (step) => `Kring: ${step} sluit`);

describe("the calendar file of a meeting in writing", () => {
  it("has an entry in UTC for the end of each step, with a word beforehand", () => {
    expect(file.match(/BEGIN:VEVENT/g)).toHaveLength(2);
    expect(file).toContain("DTSTART:20261204T113000Z\r\nDTEND:20261204T123000Z");
    expect(file).toContain("TRIGGER:-PT12H");
    expect(file).toContain("UID:k7d2m5qw-0@kring");
  });

  it("is well-formed: CRLF, folded lines, escaped text", () => {
    for (const line of file.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(file).not.toMatch(/[^\r]\n/);
    expect(file).toContain("SUMMARY:Kring: Vragen\\; open\\, en kort sluit");
    expect(file.replaceAll("\r\n ", "")).toContain("past\\, met é en ☂ sluit");
  });
});
