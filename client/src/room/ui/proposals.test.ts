import { afterEach, expect, test, vi } from "vitest";
import { BRAM, NOOR, viewOf } from "../../../tests/cast.ts";
import { clear, fakeRoom, show, textOf } from "../../../tests/showing.ts";
import type { View } from "../../protocol/index.ts";
import Proposals from "./Proposals.svelte";

afterEach(clear);

const names = { [NOOR]: "Noor", [BRAM]: "Bram" };
const meeting = (changes: Partial<View["meeting"]>) => ({ ...viewOf().meeting, ...changes });

test.each([
  ["as many as the room says", { "close-of": 3 }, "2"],
  ["of a server that does not say, more than half of all", {}, "3"],
])("it says how many must want to end: %s", (_, of, needed) => {
  show(Proposals, fakeRoom({ view: viewOf({ proposals: { close: [NOOR], burn: [], "show-out": {}, ...of } }), names }));
  expect(textOf("proposal")).toContain("Noor");
  expect(textOf("proposal")).toContain(needed);
});

test("a name keeps its own direction, and no translator makes something else of it", () => {
  show(Proposals, fakeRoom({ view: viewOf({ proposals: { close: [], burn: [BRAM], "show-out": {} } }), names }));
  expect(document.querySelector("bdi[translate=no]")?.textContent).toBe("Bram");
});

test("what is over is asked no longer", () => {
  const proposals = { close: [NOOR], burn: [BRAM], "show-out": {}, "close-of": 3, "burn-of": 4 };
  const lines = () => document.querySelectorAll("[data-testid=proposal]").length;
  const room = fakeRoom({ view: viewOf({ proposals }), names });
  show(Proposals, room);
  expect(lines()).toBe(2);
  room.show(viewOf({ proposals, meeting: meeting({ status: "closed" }) }));
  show(Proposals, fakeRoom({ view: viewOf() }));
  expect(lines()).toBe(1);
  room.show(viewOf({ proposals, meeting: meeting({ status: "closed", burned: true }) }));
  show(Proposals, fakeRoom({ view: viewOf() }));
  expect(lines()).toBe(0);
});

test("whoever asked may take it back as the room permits it, also for a chair", () => {
  const proposals = { close: [NOOR], burn: [NOOR, BRAM], "show-out": {}, "close-of": 3, "burn-of": 4 };
  const back = (...what: string[]) => what.map((one) => ["take-back", one] as [string, string]);
  const mine = { ...viewOf().mine, permitted: back("close-meeting", "burn"), acting: { [BRAM]: back("burn") } };
  const room = fakeRoom({ view: viewOf({ proposals, mine }), names });
  show(Proposals, room);
  const sent = vi.spyOn(room, "send");
  const buttons = [...document.querySelectorAll<HTMLElement>("button")];
  expect(buttons.map((button) => button.dataset.testid)).toEqual(["close-back", "burn-back", `burn-back-${BRAM}`]);
  for (const button of buttons) button.click();
  expect(sent.mock.calls).toEqual([
    [{ type: "take-back", what: "close-meeting" }],
    [{ type: "take-back", what: "burn" }],
    [{ type: "take-back", what: "burn", on: BRAM }],
  ]);
});

test.each([
  ["who did not ask", [["burn", ""]]],
  ["a room of a release that knows no taking back", [["close-meeting", ""]]],
])("nothing is there to tap for %s", (_, permitted) => {
  const proposals = { close: [NOOR], burn: [NOOR], "show-out": {}, "close-of": 3, "burn-of": 4 };
  const mine = { ...viewOf().mine, permitted: permitted as [string, string][] };
  show(Proposals, fakeRoom({ view: viewOf({ proposals, mine }), names }));
  expect(document.querySelectorAll("[data-testid=proposal]").length).toBe(2);
  expect(document.querySelectorAll("button").length).toBe(0);
});
