import { afterEach, beforeEach, expect, test } from "vitest";
import { surviveTranslation } from "./translated.ts";

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
let stop: () => void;
let root: HTMLElement;

beforeEach(() => {
  root = document.createElement("main");
  document.body.replaceChildren(root);
  stop = surviveTranslation(root);
});
afterEach(() => stop());

function fonts(words: string): [HTMLElement, HTMLElement] {
  const [outer, inner] = [document.createElement("font"), document.createElement("font")];
  outer.append(inner);
  inner.append(words);
  return [outer, inner];
}

/** The ways in which translators take a text's place. */
const WAYS: Readonly<Record<string, (text: Text) => HTMLElement>> = {
  "replaced at once": (text) => {
    const [outer] = fonts(`<${text.data}>`);
    text.parentNode?.replaceChild(outer, text);
    return outer;
  },
  "put before it, and the text taken away": (text) => {
    const [outer] = fonts(`<${text.data}>`);
    text.before(outer);
    text.parentNode?.removeChild(text);
    return outer;
  },
  "put behind it, and the text taken away": (text) => {
    const [outer] = fonts(`<${text.data}>`);
    text.after(outer);
    text.parentNode?.removeChild(text);
    return outer;
  },
  "wrapped round it": (text) => {
    const [outer, inner] = fonts("");
    text.before(outer);
    inner.replaceChildren(text);
    return outer;
  },
};

test.each(Object.entries(WAYS))("a text that is %s still changes, as often as it does", async (_, translate) => {
  const text = document.createTextNode("1 of 9");
  root.append("Step ", text, " now");
  for (const next of ["2 of 9", "3 of 9", "4 of 9"]) {
    translate(text);
    await settle();
    expect(root.textContent).toMatch(/^Step <?\d of 9>? now$/);
    text.nodeValue = next;
    await settle();
    expect(root.textContent).toBe(`Step ${next} now`);
  }
});

test.each(Object.entries(WAYS))("a text that is %s goes, with its place and all behind it", async (_, translate) => {
  const [first, last] = [document.createTextNode("first"), document.createElement("b")];
  root.append(first, last, "stays");
  translate(first);
  await settle();
  expect(first.nextSibling).not.toBeNull();
  // As Svelte takes a block away: from its first node to its last.
  for (let node: ChildNode | null = first; node; ) {
    const next: ChildNode | null = node === last ? null : node.nextSibling;
    node.remove();
    node = next;
  }
  expect(root.textContent).toBe("stays");
});

test("the original can be shown again", async () => {
  const text = document.createTextNode("Take a seat");
  root.append(text);
  const place = WAYS["replaced at once"]?.(text);
  await settle();
  place?.remove();
  await settle();
  expect(root.textContent).toBe("Take a seat");
});

test("what our own screens take away does not come back", async () => {
  const text = document.createTextNode("gone");
  root.append(text, document.createElement("p"));
  text.remove();
  await settle();
  expect(root.textContent).toBe("");
});
