import { afterEach, expect, it, vi } from "vitest";
import type { View } from "../../protocol/index.ts";
import { readable, Visits, whenBack } from "./visits.ts";

const item = (phase: string, what = "hypothesis") => ({
  n: 0,
  seat: "s1",
  what,
  phase,
  id: "x",
  round: 1,
  at: 1,
  content: null,
});
const view = (more: object = {}): View =>
  ({
    mine: { seat: "s1" },
    phase: { key: "round:1:gossip" },
    round: { number: 1 },
    desk: [{ seat: "s1", what: "hypothesis", owed: 1 }],
    items: [item("round:1:tell"), item("round:1:gossip"), item("round:1:gossip"), item("round:1:gossip", "vote")],
    ...more,
  }) as unknown as View;

function store(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
    key: () => null,
    length: 0,
  } as unknown as Storage;
}

afterEach(() => {
  vi.restoreAllMocks();
});

it("remembers what there was at the visit before, and nothing of what was said", () => {
  const kept = store();
  const first = new Visits(kept, "m");
  expect(first.before).toBeNull();
  first.note(view(), 7);
  expect(first.before).toBeNull();
  const { before } = new Visits(kept, "m");
  expect(before).toEqual({
    at: 7,
    phase: "round:1:gossip",
    owed: true,
    seen: { "round:1:tell": 1, "round:1:gossip": 2 },
  });
  expect(new Visits(kept, "other").before).toBeNull();
});

it("notes whether something was owed, and forgets when all is over", () => {
  const kept = store();
  const visits = new Visits(kept, "m");
  visits.note(view({ desk: [{ seat: "s1", owed: 0 }], phase: null }), 8);
  expect(new Visits(kept, "m").before).toMatchObject({ owed: false, phase: null });
  visits.forget();
  expect(new Visits(kept, "m").before).toBeNull();
  expect(readable(view({ items: [] }))).toEqual({});
});

it("hears somebody come back after a long while, and not after a glance elsewhere", () => {
  let now = 0;
  const back = vi.fn();
  const state = vi.spyOn(document, "visibilityState", "get");
  const stop = whenBack(document, back, () => now);
  const turn = (to: DocumentVisibilityState, after: number): void => {
    now += after;
    state.mockReturnValue(to);
    document.dispatchEvent(new Event("visibilitychange"));
  };
  turn("hidden", 60_000);
  turn("visible", 60_000);
  expect(back).not.toHaveBeenCalled();
  turn("hidden", 3_600_000);
  turn("visible", 31 * 60_000);
  expect(back).toHaveBeenCalledTimes(1);
  stop();
  turn("hidden", 0);
  turn("visible", 31 * 60_000);
  expect(back).toHaveBeenCalledTimes(1);
});
