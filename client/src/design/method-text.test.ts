import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import type { Text } from "../protocol/method.ts";
import { language } from "./language.svelte.ts";
import MethodText from "./MethodText.svelte";

let shown: Record<string, unknown> | null = null;

function show(text: Text | null, otherwise?: string): HTMLElement {
  document.body.innerHTML = "";
  shown = mount(MethodText, { target: document.body, props: { text, ...(otherwise ? { otherwise } : {}) } });
  return document.querySelector("span") as HTMLElement;
}

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  language.value = "en";
});

describe("a text of a method", () => {
  it("says in which language it is only where that is not the page's", () => {
    language.value = "fr";
    const span = show({ nl: "Vertel", en: "Tell" });
    expect([span.textContent, span.lang]).toEqual(["Tell", "en"]);
    language.value = "nl";
    flushSync();
    expect([span.textContent, span.hasAttribute("lang")]).toEqual(["Vertel", false]);
  });

  it("leaves what stands in for it in the language of the page", () => {
    const span = show(null, "gossip");
    expect([span.textContent, span.hasAttribute("lang")]).toEqual(["gossip", false]);
  });
});
