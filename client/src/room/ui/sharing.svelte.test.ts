import { flushSync } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import { clear, fakeRoom, show, textOf } from "../../../tests/showing.ts";
import { en } from "../texts/en.ts";
import SeatAlong from "./SeatAlong.svelte";
import Share from "./Share.svelte";

afterEach(async () => {
  await clear();
  vi.unstubAllGlobals();
});

const said = () => document.body.textContent ?? "";

async function press(testid: string): Promise<void> {
  document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click();
  await vi.waitFor(() => Promise.resolve());
  flushSync();
}

test("a link that changed since is not said to be copied", async () => {
  vi.stubGlobal("navigator", { clipboard: { writeText: async () => undefined } });
  const room = fakeRoom();
  let link = $state("https://kring.example/m/a#k=one");
  room.link = () => link;
  show(Share, room);
  await press("copy-link");
  expect(textOf("copy-link")).toBe(en.lobby.copied);
  link = "https://kring.example/m/a#k=one&v=room";
  flushSync();
  expect(textOf("copy-link")).toBe(en.lobby.copy);
});

test("where one's own link can't be copied, that is said", async () => {
  vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new Error("denied")) } });
  const room = fakeRoom();
  room.seatLink = () => "https://kring.example/m/a#k=one&d=mine";
  show(SeatAlong, room);
  await press("seat-along-show");
  expect(said()).not.toContain(en.lobby.copyByHand);
  await press("seat-copy");
  expect(said()).toContain(en.lobby.copyByHand);
});
