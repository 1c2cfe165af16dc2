import { flushSync } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { seatOf, viewOf, WIETSKE } from "../../../tests/cast.ts";
import { clear, fakeRoom, show, textOf } from "../../../tests/showing.ts";
import Notices from "./Notices.svelte";

const SHOWN = 5000;
const names = { [WIETSKE]: "Wietske" };
const others = viewOf().seats.filter((seat) => seat.id !== WIETSKE);
const here = (now: boolean) => viewOf({ seats: [...others, { ...seatOf(WIETSKE, ["participant"]), here: now }] });

function pass(milliseconds: number): void {
  vi.advanceTimersByTime(milliseconds);
  flushSync();
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(async () => {
  await clear();
  vi.useRealTimers();
});

test("what happens twice is shown twice, and what comes after it, too", () => {
  const room = fakeRoom({ view: here(true), names });
  show(Notices, room);
  const away = () => room.show(here(false));
  const back = () => room.show(here(true));
  away();
  flushSync();
  const gone = textOf("notice");
  expect(gone).toContain("Wietske");
  room.view = here(true);
  away();
  back();
  pass(SHOWN);
  expect(textOf("notice")).toBe(gone);
  pass(SHOWN);
  expect(textOf("notice")).not.toBe(gone);
  pass(SHOWN);
  expect(textOf("notice")).toBeNull();
  away();
  flushSync();
  expect(textOf("notice")).toBe(gone);
});

test("where much happens at once, nobody reads about it for minutes", () => {
  const room = fakeRoom({ view: here(true), names });
  show(Notices, room);
  for (let n = 0; n < 20; n += 1) room.show(here(n % 2 === 1));
  flushSync();
  pass(SHOWN);
  pass(SHOWN);
  pass(SHOWN);
  expect(textOf("notice")).not.toBeNull();
  pass(SHOWN);
  expect(textOf("notice")).toBeNull();
});

test("the name of whoever left is a name still: it keeps its direction, and is not translated", () => {
  const room = fakeRoom({ view: viewOf(), names });
  show(Notices, room);
  room.show(viewOf({ seats: others }));
  flushSync();
  expect(document.querySelector("[data-testid=notice] bdi[translate=no]")?.textContent).toBe("Wietske");
});
