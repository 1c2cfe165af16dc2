import { expect, test } from "vitest";
import { BRAM, NOOR, phaseOf, viewOf } from "../../../tests/cast.ts";
import { cues } from "./cues.ts";

const floor = (seat: string) => ({ seat, what: "question", owed: true, next: [] });

test("moments tells my turn once", () => {
  const before = viewOf({ floor: floor(NOOR) });
  const mine = viewOf({ floor: floor(BRAM) });
  expect(cues(before, mine)).toEqual(["turn"]);
  expect(cues(mine, mine)).toEqual([]);
});

test("moments tells a new phase, and my turn in it again", () => {
  const before = viewOf({ floor: floor(BRAM) });
  expect(cues(before, viewOf({ phase: phaseOf("1.4") }))).toEqual(["phase"]);
  expect(cues(before, viewOf({ phase: phaseOf("1.4"), floor: floor(BRAM) }))).toEqual(["phase", "turn"]);
});

test("moments tells that time is up once, and not for an earlier phase", () => {
  const late = viewOf({ phase: { ...phaseOf("1.3"), signalled: true } });
  expect(cues(viewOf(), late)).toEqual(["time"]);
  expect(cues(late, late)).toEqual([]);
});

test("moments is silent on the first view, and on a device without a seat", () => {
  expect(cues(null, viewOf({ floor: floor(BRAM) }))).toEqual([]);
  const table = viewOf({ mine: { seat: null, permitted: [], acting: {}, vote: null } });
  expect(cues(table, { ...table, floor: null })).toEqual([]);
});
