import { describe, expect, it } from "vitest";
import type { Fields } from "../../protocol/index.ts";
import { readMethod } from "../../protocol/method.ts";
import { en } from "../texts/en.ts";
import { item, makeView, NAMES, OWNER } from "./stories/views.ts";
import { markdown, type Source, takeHome } from "./takehome.ts";

const step = (id: string, kind: string) => ({ id, kind, name: { en: id }, minutes: 5, prompts: {} });
const method = readMethod({
  kring: 1,
  id: "small",
  name: { en: "Small" },
  summary: {},
  source: [],
  group: { min: 4, max: 8 },
  minutes: 30,
  level: [],
  advice: "late",
  opening: [step("bring", "collect")],
  round: [step("advice", "advise")],
  closing: [],
});
const BODIES: Readonly<Record<string, Fields>> = {
  mine: { text: "How do *I* let go?" },
  theirs: { text: "CANARY of Noor" },
  newer: { text: "What do I keep up?" },
  tip: { text: "Leave it\nfor once" },
  act: { text: "Talk to her", by: "2026-12-03" },
};
const items = [
  item(1, OWNER, "case", "opening:0:bring", "mine", 0),
  item(2, "snoor0000", "case", "opening:0:bring", "theirs", 0),
  item(3, OWNER, "reformulation", "round:1:advice", "newer"),
  item(4, "snoor0000", "advice", "round:1:advice", "tip"),
  item(5, "sbram0000", "advice", "round:1:advice", null),
  item(6, "sbram0000", "advice", "round:1:advice", "unreadable"),
  item(7, OWNER, "action", "round:1:advice", "act"),
];

function home(seat: string, notes = "", unsent: readonly string[] = []): ReturnType<typeof takeHome> {
  const source: Source = {
    view: makeView({ method, phase: "advice", who: seat, items }),
    seat,
    method: "Small",
    notes,
    unsent,
    date: "22 November",
    file: "kring",
    name: (id) => NAMES[id] ?? "",
    phase: () => "Advice",
    fields: (id) => BODIES[id] ?? null,
    words: (_field, value) => String(value),
  };
  return takeHome(source, en);
}

describe("what one takes home", () => {
  it("gives the owner both questions, what the circle gave, and the actions", () => {
    const page = home(OWNER);
    expect(page.sections.map((part) => part.heading)).toEqual([
      "My question (before)",
      "My question (afterwards)",
      "What the circle gave me: Advice",
      "What I will do",
    ]);
    expect(page.sections[2]?.lines).toEqual([{ text: "Leave it\nfor once", by: "Noor" }]);
  });

  it("gives nobody the cases of others", () => {
    expect(JSON.stringify(home(OWNER))).not.toContain("CANARY");
    expect(JSON.stringify(home("sbram0000"))).not.toContain("How do");
  });

  it("gives a participant their own part and notes", () => {
    const page = home("snoor0000", "Remember this");
    expect(page.sections.map((part) => part.heading)).toEqual(["What I contributed", "My notepad"]);
  });

  it("brings along what was typed and never handed in", () => {
    const page = home("snoor0000", "", ["Half a thought"]);
    expect(page.sections.at(-1)).toEqual({ heading: "Not handed in", lines: [{ text: "Half a thought", by: null }] });
    expect(markdown(page, en)).toContain("- Half a thought");
  });

  it("writes what was typed as text, never as markup", () => {
    const page = markdown(home(OWNER), en);
    expect(page).toContain("How do \\*I\\* let go?");
    expect(page).toContain("- **Noor**: Leave it\n  for once");
    expect(page.startsWith("# Kring: Small\n")).toBe(true);
  });
});
