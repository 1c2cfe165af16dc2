// The fixed cast of the tests: Noor brings the case, Bram takes part, Wietske facilitates, Teun sits without a device.
import type { ItemView, MineView, PhaseView, SeatView, SlotView, View } from "../src/protocol/index.ts";

export const MEETING = "k7d2m5qw3xza4bcn6vhj";
export const NOOR = "snoor5v8k2qa";
export const BRAM = "sbram7t1m4wz";
export const WIETSKE = "swietske3d9x";
export const TEUN = "steun6h2r8pl";

export function seatOf(id: string, roles: readonly string[], device = true): SeatView {
  return { id, name: `name${id}`, here: true, device, guest: false, roles, position: "in", awaited: true };
}

export function phaseOf(key: string, id = "questions"): PhaseView {
  return {
    key,
    id,
    kind: "ask-round",
    section: "round",
    index: 0,
    minutes: 10,
    started: 1_000_000,
    deadline: 1_600_000,
    remaining: null,
    signalled: false,
    grace: null,
    module: null,
    "module-index": null,
    silence: false,
    extended: 0,
    casting: [],
    overtime: null,
    part: 0,
    parts: 1,
  };
}

export function itemOf(n: number, seat: string, content: string | null, what = "question"): ItemView {
  return { n, seat, what, phase: "questions", id: `i${n}`, round: 1, at: 1_000_000 + n, content };
}

export function mineOf(seat: string | null, permitted: readonly (readonly [string, string])[] = []): MineView {
  return { seat, permitted, acting: {}, vote: null };
}

export function slotOf(seat: string, what: string, more: Partial<SlotView> = {}): SlotView {
  const slot = { seat, what, least: 1, most: 1, given: 0, passed: false, by: "either", form: "text" } as const;
  return { ...slot, fields: null, turn: true, owed: 1, ...more };
}

/** A round of questions as Bram's device knows it. */
export function viewOf(changes: Partial<View> = {}): View {
  return {
    meeting: {
      id: MEETING,
      method: "linxx-9",
      status: "running",
      doors: "closed",
      practice: false,
      written: false,
      factor: 1,
      burned: false,
      smallest: 4,
      largest: 8,
      started: true,
    },
    seats: [
      seatOf(NOOR, ["owner"]),
      seatOf(BRAM, ["participant"]),
      seatOf(WIETSKE, ["participant", "facilitator"]),
      seatOf(TEUN, ["participant"], false),
    ],
    round: { number: 1, of: 1, owner: NOOR, case: null },
    phase: phaseOf("1.3"),
    floor: null,
    desk: [],
    limits: [],
    ready: [],
    choice: null,
    chosen: [],
    agenda: [],
    proposals: { close: [], burn: [], "show-out": {} },
    tables: [],
    mine: mineOf(BRAM),
    items: [],
    ...changes,
  };
}
