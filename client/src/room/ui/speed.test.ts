import { flushSync } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import { BRAM, mineOf, viewOf } from "../../../tests/cast.ts";
import { clear, fakeRoom, show } from "../../../tests/showing.ts";
import type { Command } from "../../protocol/index.ts";
import Speed from "./Speed.svelte";

afterEach(clear);

const practice = (factor: number) =>
  viewOf({ meeting: { ...viewOf().meeting, practice: true, factor }, mine: mineOf(BRAM, [["speed", ""]]) });

test("two devices that want another speed do not go on about it", async () => {
  const room = fakeRoom({ view: practice(1) });
  const sent: Command[] = [];
  vi.spyOn(room, "send").mockImplementation((async (command: Command) => {
    sent.push(command);
    return { ok: true, seq: 1 };
  }) as never);
  show(Speed, room, { page: { practice: true } });
  // Another device of the same person.
  for (const factor of [5, 20, 5]) {
    room.show(practice(factor));
    flushSync();
    await Promise.resolve();
  }
  expect(sent).toEqual([]);
  document.querySelector<HTMLElement>("[data-testid=speed-60]")?.click();
  flushSync();
  room.show(practice(60));
  room.show(practice(5));
  flushSync();
  expect(sent).toEqual([{ type: "speed", factor: 60 }]);
});
