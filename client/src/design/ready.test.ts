import { expect, test, vi } from "vitest";
import { type Browser, ready } from "./ready.ts";

function page(): HTMLElement {
  const target = document.createElement("div");
  target.innerHTML = "<p>Reload this page</p>";
  return target;
}

test("a page is shown once its texts are there, and what the server wrote goes", async () => {
  const target = page();
  await ready(target, async () => undefined);
  expect(target.childElementCount).toBe(0);
});

test("where a file is gone after an update, the page says so and is loaded anew when the server gives it", async () => {
  const target = page();
  const waits: number[] = [];
  let gone = 3;
  const browser: Browser = {
    reloaded: false,
    fresh: async () => gone < 2,
    reload: vi.fn(),
    wait: async (time) => {
      waits.push(time);
      expect(target.dataset.late).toBe("");
    },
  };
  await ready(
    target,
    async () => {
      gone -= 1;
      if (gone > 0) throw new TypeError("Failed to fetch dynamically imported module");
    },
    browser,
  );
  expect(waits).toEqual([2000, 4000]);
  expect(browser.reload).toHaveBeenCalledTimes(1);
});
