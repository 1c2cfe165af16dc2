import { describe, expect, it } from "vitest";
import { dayAndTime, locale, shortDay, timeOfDay } from "./dates.ts";

const NOW = new Date(2026, 10, 24, 22, 30).getTime();
const at = (day: number, hours = 14, minutes = 5): number => new Date(2026, 10, day, hours, minutes).getTime();

describe("days and times", () => {
  it("names today and tomorrow by the calendar, not by hours", () => {
    expect(shortDay(at(24, 23), NOW, "en")).toBe("today");
    expect(shortDay(at(25, 0, 10), NOW, "en")).toBe("tomorrow");
    expect(dayAndTime(at(25), NOW, "nl")).toBe("morgen, 14:05");
  });

  it("names other days, in the language of the screen", () => {
    expect(shortDay(at(26), NOW, "nl")).toBe("do 26 nov");
    expect(dayAndTime(at(26), NOW, "nl")).toBe("donderdag 26 november, 14:05");
    expect(dayAndTime(at(26), NOW, "en")).toMatch(/Thursday.*26.*14:05|Thursday.*26.*02:05 PM/);
    expect(dayAndTime(at(23), NOW, "nl")).toBe("maandag 23 november, 14:05");
    expect(dayAndTime(at(26), NOW, "de")).toBe("Donnerstag, 26. November, 14:05");
    expect(timeOfDay(at(26, 9, 0), "nl")).toBe("09:00");
  });

  it("writes as the device does, where that says how", () => {
    expect(locale("en", ["nl-NL", "en-US"])).toBe("en-US");
    expect(locale("en", ["nl", "en"])).toBe("en-GB");
    expect(locale("nl", ["en-US"])).toBe("nl-NL");
  });
});
