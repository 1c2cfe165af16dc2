import { describe, expect, it } from "vitest";
import { BRAM, NOOR, phaseOf, slotOf, viewOf } from "../../../tests/cast.ts";
import type { SlotView, View } from "../../protocol/index.ts";
import { boxFor, boxOf, holdsText, isOpen, joined, leftovers, type MayGive } from "./boxes.ts";

const HERE = "round:1:advice";
const yes: MayGive = () => true;
const no: MayGive = () => false;
const none = new Set<string>();

const slot = (what: string, more: Partial<SlotView> = {}): SlotView => slotOf(BRAM, what, more);
const view = (more: Partial<View> = {}, mine = slot("advice", { turn: false, most: 3 })): View =>
  viewOf({ phase: phaseOf(HERE), desk: [mine], ...more });
const text = (key: string) => ({ [key]: { text: "Half a thought" } });

describe("a box's key", () => {
  it("names the box again, also in a step of a sub-method", () => {
    expect(boxOf("round:1/walk:advice/tip/2/sother000")).toEqual({
      phase: "round:1/walk:advice",
      what: "tip",
      given: 2,
      on: "sother000",
    });
    expect(boxOf("round:1:advice/tip/0/")?.on).toBeNull();
    expect(boxOf("pad")).toBeNull();
  });
});

describe("what was not handed in", () => {
  it("is what was typed in a step that is over", () => {
    const drafts = text("round:1:gossip/hypothesis/0/");
    expect(leftovers(view(), drafts, none, yes).map((one) => one.box.what)).toEqual(["hypothesis"]);
  });

  it("is what was typed in a box that is done: said aloud, passed, or as many as there may be", () => {
    expect(leftovers(view({}, slot("advice", { given: 1 })), text(`${HERE}/advice/0/`), none, yes)).toHaveLength(1);
    expect(leftovers(view(), text(`${HERE}/advice/0/`), none, no)).toHaveLength(1);
  });

  it("is nothing that is in sight, on its way, or empty", () => {
    const drafts = text(`${HERE}/advice/0/`);
    expect(leftovers(view(), drafts, none, yes)).toEqual([]);
    expect(leftovers(view(), text("round:1:gossip/tip/0/"), new Set(["round:1:gossip/tip/0/"]), yes)).toEqual([]);
    expect(leftovers(view(), { "round:1:gossip/tip/0/": { text: " ", field: "facts" } }, none, yes)).toEqual([]);
  });

  it("is nothing whose turn is still to come, or that waits for the end of a pause", () => {
    const queued = { floor: { seat: NOOR, what: "advice", owed: true, next: [BRAM] } };
    const mine = slot("advice", { turn: true });
    expect(leftovers(view(queued, mine), text(`${HERE}/advice/0/`), none, no)).toEqual([]);
    const paused = view();
    const stopped = { ...paused, meeting: { ...paused.meeting, status: "paused" } };
    expect(leftovers(stopped, text(`${HERE}/advice/0/`), none, no)).toEqual([]);
  });

  it("goes into the box of its kind where that may be given now, and nowhere else", () => {
    const box = { phase: "round:1:gossip", what: "advice", given: 0, on: null };
    expect(boxFor(view({}, slot("advice", { given: 1, most: 3 })), box, yes)).toEqual({
      ...box,
      phase: HERE,
      given: 1,
    });
    expect(boxFor(view(), box, no)).toBeNull();
    expect(boxFor(view(), { ...box, what: "hypothesis" }, yes)).toBeNull();
    expect(boxFor(view({}, slot("advice", { by: "spoken" })), box, yes)).toBeNull();
  });

  it("is added to what is there, and writes nothing over", () => {
    expect(joined({ text: "One", rating: 4 }, { text: "Two", rating: 2, by: "2026-12-01" })).toEqual({
      text: "One\nTwo",
      rating: 4,
      by: "2026-12-01",
    });
  });
});

describe("what the room is told", () => {
  it("is whether there is text in a box of which it can be handed in now", () => {
    const drafts = text(`${HERE}/advice/0/`);
    expect(holdsText(view(), drafts, yes)).toBe(true);
    expect(holdsText(view(), drafts, no)).toBe(false);
    expect(holdsText(view(), text("round:1:gossip/hypothesis/0/"), yes)).toBe(false);
    expect(isOpen(view(), { phase: HERE, what: "advice", given: 0, on: "sother000" }, yes)).toBe(false);
  });
});
