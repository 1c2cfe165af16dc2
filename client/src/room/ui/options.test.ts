import { flushSync } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import { BRAM, NOOR, slotOf, viewOf } from "../../../tests/cast.ts";
import { clear, fakeRoom, show, textOf } from "../../../tests/showing.ts";
import Options from "./Options.svelte";

afterEach(async () => {
  await clear();
  vi.restoreAllMocks();
});

const ids = ["#1", "#2", "#3", "#4", "#5"];
const choosing = (cast: string[], options = ids) =>
  viewOf({
    desk: [slotOf(NOOR, "vote"), slotOf(BRAM, "vote")],
    choice: { options, cast, chosen: [], tally: null, because: null },
  });

test("whoever reads the second page of a choice stays there while others vote", () => {
  // A screen on which two options fit.
  const main = document.createElement("main");
  Object.defineProperty(main, "clientHeight", { value: 20 });
  Object.defineProperty(main, "scrollHeight", { get: () => 10 * main.querySelectorAll("li").length });
  document.body.append(main);
  const room = fakeRoom({ view: choosing([]) });
  show(Options, room, { page: { table: true }, target: main });
  const at = () => textOf("pages")?.match(/\d+/g)?.slice(0, 2).join("/");
  expect(at()).toBe("1/3");
  main.querySelectorAll("button")[1]?.click();
  flushSync();
  expect(at()).toBe("2/3");
  room.show(choosing([BRAM]));
  flushSync();
  expect(at()).toBe("2/3");
  room.show(choosing([BRAM, NOOR], ids.slice(1)));
  flushSync();
  expect(at()).toBe("1/2");
  main.remove();
});
