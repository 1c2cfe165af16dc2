import { flushSync } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import { BRAM, itemOf, viewOf } from "../../../tests/cast.ts";
import { clear, fakeRoom, show } from "../../../tests/showing.ts";
import TakeHome from "./TakeHome.svelte";

afterEach(async () => {
  await clear();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const share = vi.fn(async (_: ShareData) => undefined);

function phone() {
  const canShare = vi.fn((_: ShareData) => true);
  vi.stubGlobal("navigator", { canShare, share, languages: ["en-GB"] });
  return canShare;
}

test("whether this device shares is asked once, and the page is made when it is to be shared", async () => {
  const asked = phone();
  const room = fakeRoom({ contents: { b1: { text: "Call her" } } });
  const view = viewOf({ items: [itemOf(1, BRAM, "b1", "insight")] });
  show(TakeHome, room, { props: { view, seat: BRAM } });
  for (let n = 0; n < 8; n += 1) {
    room.time += 250;
    flushSync();
  }
  expect(asked).toHaveBeenCalledTimes(1);
  document.querySelector<HTMLElement>("[data-testid=take-home-share]")?.click();
  const [file] = share.mock.calls[0]?.[0].files ?? [];
  expect([file?.type, await file?.text()]).toEqual(["text/html", expect.stringContaining("Call her")]);
});
