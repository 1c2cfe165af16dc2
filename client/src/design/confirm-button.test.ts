import { flushSync, mount, unmount } from "svelte";
import { expect, test, vi } from "vitest";
import ConfirmButton from "./ConfirmButton.svelte";

const ask = (testid: string, onyes: () => void) =>
  mount(ConfirmButton, { target: document.body, props: { label: testid, question: `${testid}?`, testid, onyes } });
const press = (testid: string): void => {
  document.querySelector<HTMLButtonElement>(`[data-testid="${testid}"]`)?.click();
  flushSync();
};
const there = (testid: string): boolean => document.querySelector(`[data-testid="${testid}"]`) !== null;

test("one question stands at a time", () => {
  const [ends, burns] = [vi.fn(), vi.fn()];
  const shown = [ask("close", ends), ask("burn", burns)];
  press("close");
  expect(there("close-yes")).toBe(true);
  press("burn");
  expect(there("close-yes")).toBe(false);
  press("burn-yes");
  expect(burns).toHaveBeenCalledOnce();
  expect(ends).not.toHaveBeenCalled();
  expect(there("burn-yes")).toBe(false);
  for (const one of shown) void unmount(one);
});
