import { flushSync } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { itemOf, NOOR, viewOf } from "../../../tests/cast.ts";
import { clear, fakeRoom, show, textOf } from "../../../tests/showing.ts";
import type { EndCode } from "../../protocol/codes.ts";
import { en } from "../texts/en.ts";
import Announcer from "./Announcer.svelte";
import App from "./App.svelte";
import AtTheDoor from "./AtTheDoor.svelte";
import type { Page } from "./context.ts";

const sounds = { on: false, unlock: () => undefined, play: () => undefined };
const page: Page = { table: false, practice: false, days: 30, leads: false, sounds };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(async () => {
  await clear();
  vi.useRealTimers();
});

test.each<[EndCode, keyof typeof en.page]>([
  ["expired", "expired"],
  ["full", "full"],
  ["unknown-meeting", "unknown"],
  ["shown-out", "shownOut"],
])("whoever waits outside is told what else ends it: %s", (code, title) => {
  const room = fakeRoom({ view: null, ended: "doors-closed" });
  const looked = vi.spyOn(room, "retry").mockImplementation(() => undefined);
  show(App, room, { props: { room, page } });
  expect(textOf("ended")).toContain(en.page.doors);
  // It looks by itself: the page stays as it is meanwhile.
  room.ended = null;
  flushSync();
  expect(textOf("doors-closed")).toContain(en.page.doors);
  vi.advanceTimersByTime(15_000);
  expect(looked).toHaveBeenCalledTimes(1);
  room.ended = code;
  flushSync();
  expect(textOf("ended")).toContain(en.page[title] as string);
  vi.advanceTimersByTime(60_000);
  expect(looked).toHaveBeenCalledTimes(1);
});

test("whoever waits outside with the link knocks, and once more when nobody opened for a minute", () => {
  const room = fakeRoom({ view: null, ended: "doors-closed" });
  const retry = vi.spyOn(room, "retry").mockImplementation(() => undefined);
  const press = (): void => {
    document.querySelector<HTMLButtonElement>("[data-testid=ended] .button.go")?.click();
    flushSync();
  };
  show(App, room, { props: { room, page } });
  expect(textOf("ended")).toContain(en.page.doorsWhy);
  press();
  expect(retry).toHaveBeenLastCalledWith();
  room.mayKnock = true;
  flushSync();
  expect(textOf("ended")).toContain(en.page.knockWhy);
  press();
  expect(retry).toHaveBeenLastCalledWith(true);
  room.mayKnock = false;
  flushSync();
  // There is nothing to do but wait.
  expect(textOf("ended")).toContain(en.page.knocked);
  expect(document.querySelector("[data-testid=ended] .button.go")).toBeNull();
  room.mayKnock = true;
  flushSync();
  expect(textOf("ended")).toContain(en.page.knockAgain);
});

test("whoever may open the doors hears who knocks, opens, or not now", async () => {
  const view = viewOf({});
  const room = fakeRoom({ view: { ...view, mine: { ...view.mine, permitted: [["open-doors", ""]] } } });
  const send = vi.spyOn(room, "send");
  const knocks = (count: number): void => {
    room.devices = { type: "devices", seats: {}, visitors: 0, knocks: count };
    flushSync();
  };
  const press = (hook: string): void => {
    document.querySelector<HTMLButtonElement>(`[data-testid=${hook}]`)?.click();
    flushSync();
  };
  show(AtTheDoor, room);
  expect(textOf("at-the-door")).toBeNull();
  knocks(1);
  expect(textOf("at-the-door")).toContain(en.door.knocks);
  press("door-later");
  expect(textOf("at-the-door")).toBeNull();
  knocks(2);
  press("door-open");
  expect(send).toHaveBeenCalledWith({ type: "open-doors" });
  press("door-later");
  knocks(0);
  knocks(1);
  expect(textOf("at-the-door")).toContain(en.door.knocks);
});

test("a screen reader hears a contribution in the words of its form, and no id of a field", () => {
  const contents = { b1: { field: "facts", text: "Hoeveel waren het er?" } };
  const room = fakeRoom({ view: viewOf({ items: [] }), names: { [NOOR]: "Noor" }, contents });
  Object.assign(room, {
    method: { ...room.method, fields: { set: { facts: { name: { nl: "Feiten", en: "Facts" } } } } },
  });
  show(Announcer, room);
  room.show(viewOf({ items: [itemOf(1, NOOR, "b1")] }));
  flushSync();
  expect(textOf("announcer")).toMatch(/Noor: (Feiten|Facts) · Hoeveel waren het er\?/);
});
