import { describe, expect, test } from "vitest";
import golden from "../../../../tests/fixtures/folds.json";
import { BRAM, itemOf, NOOR, phaseOf, TEUN, viewOf } from "../../../tests/cast.ts";
import type { FactsOut, SlotView, View } from "../../protocol/index.ts";
import { authors, caseOf, fold, left } from "./fold.ts";

interface History {
  readonly name: string;
  readonly welcome: View;
  readonly facts: readonly FactsOut[];
  readonly final: View;
}

// Played by the Python engine: what it says a screen must show in the end.
const histories = golden as unknown as readonly History[];

describe("fold", () => {
  test("replays every golden history to the view of the engine", () => {
    expect(histories.length).toBeGreaterThan(2);
    for (const history of histories) {
      expect(history.facts.reduce(fold, history.welcome), history.name).toEqual(history.final);
    }
  });

  test("replaces sections whole, also by null", () => {
    const view = viewOf({ floor: { seat: BRAM, what: "question", owed: true, next: [TEUN] } });
    const after = fold(view, { set: { floor: null, phase: phaseOf("1.4"), ready: [NOOR] } });
    expect(after.floor).toBeNull();
    expect(after.phase?.key).toBe("1.4");
    expect(after.ready).toEqual([NOOR]);
    expect(after.seats).toBe(view.seats);
  });

  test("adds items in order and replaces the same number", () => {
    const view = viewOf({ items: [itemOf(2, BRAM, null), itemOf(5, TEUN, null)] });
    const after = fold(view, { items: [itemOf(5, TEUN, "b5"), itemOf(1, NOOR, "b1")] });
    expect(after.items.map((item) => [item.n, item.content])).toEqual([
      [1, "b1"],
      [2, null],
      [5, "b5"],
    ]);
  });

  test("replaces places of the desk by seat and kind", () => {
    const slot = (seat: string, what: string, given: number): SlotView => ({
      ...{ seat, what, given, least: 1, most: 3, passed: false, by: "either", form: "text", fields: null, turn: true },
      owed: 1 - given,
    });
    const desk = [slot(BRAM, "tip", 0), slot(BRAM, "advice", 0), slot(NOOR, "tip", 0)];
    const after = fold(viewOf({ desk }), { desk: [slot(BRAM, "advice", 1)] });
    expect(after.desk.map((each) => each.given)).toEqual([0, 1, 0]);
    expect(fold(viewOf({ desk }), { set: { desk: [] } }).desk).toEqual([]);
  });

  test("leaves the earlier view as it was", () => {
    const view = viewOf({ items: [itemOf(1, BRAM, null)] });
    const copy = structuredClone(view);
    fold(view, { set: { round: null }, items: [itemOf(1, BRAM, "b1"), itemOf(2, BRAM, null)] });
    expect(view).toEqual(copy);
  });

  test("empty facts change nothing", () => {
    expect(fold(viewOf(), {})).toEqual(viewOf());
  });
});

test("authors names the maker and kind of every content", () => {
  const found = authors(viewOf({ items: [itemOf(1, NOOR, "b1", "case"), itemOf(2, BRAM, null)] }));
  expect(found.get("b1")).toEqual({ seat: NOOR, kind: "case" });
  expect(found.get(`name${TEUN}`)).toEqual({ seat: TEUN, kind: "name" });
  expect(found.size).toBe(5);
});

test("caseOf tells whose a case is, also of one told aloud", () => {
  const view = viewOf({ items: [itemOf(1, NOOR, "b1", "case")] });
  expect(caseOf(view, "b1")).toEqual({ seat: NOOR, content: "b1" });
  expect(caseOf(view, `@${TEUN}`)).toEqual({ seat: TEUN, content: null });
  const [first] = view.items;
  expect(caseOf(view, `#${first?.n}`)).toEqual({ seat: first?.seat, content: first?.content });
  expect(caseOf(view, "#99")).toEqual({ seat: null, content: null });
  expect(caseOf(view, "b9")).toEqual({ seat: null, content: "b9" });
});

describe("left", () => {
  test("counts down to the deadline and below it", () => {
    expect(left(viewOf(), 1_540_000)).toBe(60_000);
    expect(left(viewOf(), 1_601_000)).toBe(-1_000);
  });

  test("stands still while the meeting is paused", () => {
    const meeting = { ...viewOf().meeting, status: "paused" };
    const phase = { ...phaseOf("1.3"), deadline: null, remaining: 42_000 };
    expect(left(viewOf({ meeting, phase }), 9_999_999)).toBe(42_000);
  });

  test("is nothing without a phase or a deadline", () => {
    expect(left(viewOf({ phase: null }), 0)).toBeNull();
    expect(left(viewOf({ phase: { ...phaseOf("1"), deadline: null } }), 0)).toBeNull();
  });
});
