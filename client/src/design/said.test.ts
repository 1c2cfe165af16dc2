import { expect, test } from "vitest";
import { split } from "./said.ts";

const shown = (text: string, ...names: string[]): string =>
  split(text, names)
    .map((part) => (part.name ? `[${part.text}]` : part.text))
    .join("");

test.each([
  ["Noor has the floor.", ["Noor", "Bram"], "[Noor] has the floor."],
  ["Noor, Bram and Noor B. are here", ["Noor", "Noor B.", "Bram"], "[Noor], [Bram] and [Noor B.] are here"],
  ["An answers Anna", ["An"], "[An] answers Anna"],
  ["נורה: aloud", ["נורה"], "[נורה]: aloud"],
  ["a (b) [c] has it", ["a (b) [c]"], "[a (b) [c]] has it"],
  ["Wilhelmina-Anna / Jan has it", ["Jan", "Wilhelmina-Anna"], "[Wilhelmina-Anna] / [Jan] has it"],
  ["^$.*+?(){}|\\-/=!<>:#&,~`'\" sits", ["^$.*+?(){}|\\-/=!<>:#&,~`'\""], "[^$.*+?(){}|\\-/=!<>:#&,~`'\"] sits"],
  ["Nobody here", [], "Nobody here"],
  ["Nobody here", [""], "Nobody here"],
] as const)("%s", (text, names, marked) => {
  expect(shown(text, ...names)).toBe(marked);
});
