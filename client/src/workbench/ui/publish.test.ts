import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Memory } from "../../../tests/room.ts";
import { Drafts } from "../state/drafts.ts";
import { Editor } from "../state/editor.svelte.ts";
import { workbenchTexts } from "./catalogue.ts";
import Publish from "./Publish.svelte";

let shown: Record<string, unknown> | null = null;

afterEach(async () => {
  if (shown) await unmount(shown);
  vi.unstubAllGlobals();
});

function published(): Element {
  const never = () => Promise.reject(new TypeError("no network"));
  const editor = new Editor(new Drafts(new Memory()), { check: never, publish: never });
  editor.begin("id: mine\n");
  if (editor.draft) editor.draft = { ...editor.draft, published: { id: "abc", version: 1, key: "k" } };
  shown = mount(Publish, { target: document.body, props: { editor, why: undefined } });
  flushSync();
  return document.body;
}

function copy(): void {
  const { copy: name } = workbenchTexts().publishing;
  [...document.querySelectorAll("button")].find((one) => one.textContent === name)?.click();
}

test.each([
  ["forbids it", { clipboard: { writeText: () => Promise.reject(new Error("denied")) } }],
  ["has none, as without https", {}],
])("where the browser %s, one is told to copy the address oneself", async (_, navigator) => {
  vi.stubGlobal("navigator", navigator);
  const page = published();
  const { copyByHand, copied } = workbenchTexts().publishing;
  expect(page.textContent).not.toContain(copyByHand);
  copy();
  await vi.waitFor(() => {
    flushSync();
    expect(page.textContent).toContain(copyByHand);
  });
  expect(page.textContent).not.toContain(copied);
});
