import { describe, expect, it } from "vitest";
import type { Fields, View } from "../../protocol/index.ts";
import { readMethod } from "../../protocol/method.ts";
import { en } from "../texts/en.ts";
import { item, makeView, NAMES, OWNER } from "./stories/views.ts";
import { htmlPage, markdown, plainText, type Source, takeHome } from "./takehome.ts";

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

function home(
  seat: string,
  notes = "",
  unsent: readonly string[] = [],
  given = items,
  more: Partial<View> = {},
): ReturnType<typeof takeHome> {
  const source: Source = {
    view: { ...makeView({ method, phase: "advice", who: seat, items: given }), ...more },
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

  it("is text that a message or a note takes as it is", () => {
    expect(plainText(home(OWNER), en)).toContain("How do *I* let go?");
    expect(plainText(home(OWNER), en)).toContain("• Noor: Leave it\n  for once");
  });

  it("is a page that opens anywhere, and what was typed is no markup there either", () => {
    const evil = `<img src=x onerror="alert('1')">&amp;`;
    const page = htmlPage(
      { title: "<b>", about: ["<i>"], sections: [{ heading: "<u>", lines: [{ text: evil, by: "<s>" }] }] },
      en,
      "en",
    );
    const shown = new DOMParser().parseFromString(page, "text/html");
    expect(shown.querySelectorAll("img, i, u, s").length).toBe(0);
    expect(shown.querySelector("li")?.textContent).toContain(evil);
    expect(page).toContain("default-src 'none'");
    expect(shown.querySelectorAll("[src], [href], script").length).toBe(0);
  });
});

describe("with two cases", () => {
  const BRAM = "sbram0000";
  const NOOR = "snoor0000";
  // All that the first owner gave in her round was said aloud, and nothing of it is what only an owner gives.
  const two = [
    item(1, NOOR, "case", "opening:0:bring", "theirs", 0),
    item(2, BRAM, "case", "opening:0:bring", "tip", 0),
    item(3, OWNER, "case", "opening:0:bring", "mine", 0),
    item(4, OWNER, "question", "round:1:advice", "newer", 1),
    item(5, NOOR, "answer", "round:1:advice", null, 1),
    item(6, NOOR, "question", "round:2:advice", "act", 2),
    item(7, BRAM, "answer", "round:2:advice", null, 2),
  ];
  const ended = { round: { number: 2, of: 2, owner: BRAM, case: "tip" }, agenda: ["theirs", "tip"] };

  it("the first owner gets her own question and what was asked of her", () => {
    const page = home(NOOR, "", [], two, ended);
    expect(page.sections.map((part) => [part.heading, part.lines[0]?.text])).toEqual([
      ["My question", "CANARY of Noor"],
      ["What the circle gave me: Advice", "What do I keep up?"],
      ["What I contributed", "Talk to her · 2026-12-03"],
    ]);
  });

  it("the second owner gets his, and not hers", () => {
    const page = home(BRAM, "", [], two, ended);
    expect(page.sections.map((part) => part.lines[0]?.text)).toEqual([
      "Leave it\nfor once",
      "Talk to her · 2026-12-03",
    ]);
    expect(JSON.stringify(page)).not.toContain("CANARY");
  });

  it("whoever owned neither keeps the question that was not chosen", () => {
    const page = home(OWNER, "", [], two, ended);
    expect(page.sections.map((part) => part.heading)).toEqual(["What I contributed"]);
    expect(page.sections[0]?.lines.map((line) => line.text)).toEqual(["How do *I* let go?", "What do I keep up?"]);
  });

  it("whoever owned both rounds gets each question in its own round", () => {
    const both = [...two, item(8, NOOR, "case", "opening:0:bring", "mine", 0)];
    const page = home(NOOR, "", [], both, {
      round: { number: 2, of: 2, owner: NOOR, case: "mine" },
      agenda: ["theirs", "mine"],
    });
    const questions = page.sections.filter((part) => part.heading === "My question");
    expect(questions.map((part) => part.lines.map((line) => line.text))).toEqual([
      ["CANARY of Noor"],
      ["How do *I* let go?"],
    ]);
  });
});
