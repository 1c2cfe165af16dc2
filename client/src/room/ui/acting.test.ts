import { describe, expect, it } from "vitest";
import { BRAM, itemOf, mineOf, NOOR, phaseOf, slotOf, TEUN, viewOf, WIETSKE } from "../../../tests/cast.ts";
import type { View } from "../../protocol/index.ts";
import type { Phase } from "../../protocol/method.ts";
import { en } from "../texts/en.ts";
import { nl } from "../texts/nl.ts";
import { announcements, notices } from "./announcements.ts";
import { row } from "./circle.ts";
import { BEGIN, FASTEST, STILL, speedFor } from "./practising.ts";
import { acts, askedLast, inWriting } from "./selectors.ts";

const mine = (permitted: readonly (readonly [string, string])[], vote: View["mine"]["vote"] = null) => ({
  ...mineOf(BRAM, permitted),
  vote,
});
const owing = (what: string, owed = 1) => slotOf(BRAM, what, { owed, least: owed });
const names: Record<string, string> = { [NOOR]: "Noor", [BRAM]: "Bram", [WIETSKE]: "Wietske", [TEUN]: "Teun" };
const name = (seat: string) => names[seat] ?? "";

describe("whether somebody acts", () => {
  it("is so on their turn, at a vote, and where they may give what they owe", () => {
    expect(acts(viewOf())).toBe(false);
    expect(acts(viewOf({ floor: { seat: BRAM, what: "question", owed: true, next: [] } }))).toBe(true);
    expect(acts(viewOf({ mine: mine([["vote", "case"]]) }))).toBe(true);
    expect(acts(viewOf({ desk: [owing("case")], mine: mine([["give", "case"]]) }))).toBe(true);
  });

  it("is not so while they wait for their turn, may add something, or only look on", () => {
    expect(acts(viewOf({ desk: [owing("case")], mine: mine([]) }))).toBe(false);
    expect(acts(viewOf({ desk: [owing("case", 0)], mine: mine([["give", "case"]]) }))).toBe(false);
    const outside = viewOf({ floor: { seat: BRAM, what: "question", owed: true, next: [] } });
    expect(acts({ ...outside, mine: { ...outside.mine, seat: null } })).toBe(false);
  });
});

describe("time in practice", () => {
  const turn = viewOf({ floor: { seat: BRAM, what: "question", owed: true, next: [] } });
  const fast = { ...BEGIN, factor: 20 };

  it("stands still while the newcomer thinks, and goes on as asked", () => {
    expect(speedFor(fast, turn, null)).toBe(STILL);
    expect(speedFor(fast, viewOf(), null)).toBe(20);
    expect(speedFor({ ...fast, held: true }, viewOf(), null)).toBe(STILL);
  });

  it("hurries to the newcomer's turn, and no further", () => {
    expect(speedFor({ ...fast, hurried: true }, viewOf(), null)).toBe(FASTEST);
    expect(speedFor({ ...fast, hurried: true }, turn, null)).toBe(STILL);
  });

  it("goes on as fast as people do where something is owed freely, and waits for what each does alone", () => {
    const owed = viewOf({ desk: [owing("advice")], mine: mine([["give", "advice"]]) });
    const step = (turns: string) => ({ gives: [{ what: "advice", turns }] }) as unknown as Phase;
    expect(speedFor(fast, owed, step("free"))).toBe(1);
    expect(speedFor(fast, owed, step("alone"))).toBe(STILL);
  });

  it("does not wait for who has voted and may only change it", () => {
    expect(speedFor(fast, viewOf({ mine: mine([["vote", "case"]]) }), null)).toBe(STILL);
    expect(speedFor(fast, viewOf({ mine: mine([["vote", "case"]], { one: 1 }) }), null)).toBe(20);
  });
});

describe("the question that was just asked", () => {
  const asked = [itemOf(1, WIETSKE, "c1"), itemOf(2, TEUN, null), itemOf(3, BRAM, "c3")].map((item) => ({
    ...item,
    phase: "1.3",
  }));

  it("is shown to the case owner, also when it was said aloud", () => {
    const owner = viewOf({ items: asked.slice(0, 2), mine: { ...mine([]), seat: NOOR } });
    expect(askedLast(owner)?.n).toBe(2);
    expect(askedLast({ ...owner, phase: phaseOf("1.4") })).toBe(null);
  });

  it("is not shown to those who ask", () => {
    expect(askedLast(viewOf({ items: asked }))).toBe(null);
  });

  it("is the next of an earlier step for who answers them one by one", () => {
    const desk = [{ ...owing("answer"), seat: NOOR, given: 1 }];
    const view = viewOf({ phase: phaseOf("1.4"), items: asked, desk, mine: { ...mine([]), seat: NOOR } });
    expect(askedLast(view)?.n).toBe(2);
  });
});

describe("the circle in a row", () => {
  it("has room for nine on a narrow phone, and whoever sits apart at the far end", () => {
    const positions = ["in", "in", "unseen", "in", "in", "in", "in", "in", "in"] as const;
    const { person, chairs } = row(positions, 320, 56);
    const places = chairs.map((chair) => chair.x);
    expect(Math.min(...places) - person).toBeGreaterThan(0);
    expect(Math.max(...places) + person).toBeLessThan(320);
    expect(places.indexOf(Math.max(...places))).toBe(2);
    const sorted = [...places].sort((one, other) => one - other);
    for (const [index, x] of sorted.slice(1).entries()) expect(x - (sorted[index] ?? 0)).toBeGreaterThan(2 * person);
  });
});

describe("short notices that all see", () => {
  it("say who added time, who left by name, and who facilitates now", () => {
    const before = viewOf();
    const added = { ...phaseOf("1.3"), extended: 1 };
    expect(notices({ before, after: viewOf({ phase: added }), t: nl, name })).toEqual(["Wietske gaf er tijd bij."]);
    const gone = viewOf({ seats: before.seats.filter((seat) => seat.id !== TEUN) });
    expect(notices({ before, after: gone, t: nl, name })).toEqual(["Teun is vertrokken."]);
    const leads = before.seats.map((seat) => ({
      ...seat,
      roles: seat.id === BRAM ? ["facilitator"] : ["participant"],
    }));
    expect(notices({ before, after: viewOf({ seats: leads }), t: nl, name })).toEqual(["Bram leidt het gesprek."]);
  });

  it("tell screen readers what others gave, and that one has the floor once", () => {
    const before = viewOf();
    const after = viewOf({
      items: [itemOf(1, WIETSKE, "c1"), itemOf(2, BRAM, "c2")],
      floor: { seat: BRAM, what: "question", owed: true, next: [] },
    });
    const input = { before, after, method: null, language: "en", t: en, name, text: () => "Why now?" };
    expect(announcements(input)).toEqual(["Wietske: Why now?", "You have the floor."]);
    expect(announcements({ ...input, before: after })).toEqual([]);
  });
});

describe("a prompt where all is written", () => {
  it("lacks what is for a camera only", () => {
    expect(inWriting("Online: camera en microfoon uit. Je hoeft niets te weerleggen.")).toBe(
      "Je hoeft niets te weerleggen.",
    );
    expect(inWriting("Luister. En ligne : coupe le micro. Note.")).toBe("Luister. Note.");
    expect(inWriting("Stel één vraag.")).toBe("Stel één vraag.");
  });
});
