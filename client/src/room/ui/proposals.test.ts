import { afterEach, expect, test } from "vitest";
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
