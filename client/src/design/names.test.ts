import { expect, test } from "vitest";
import vectors from "../../../tests/fixtures/names.json";
import { alike, clean, excessOfName, nameTrouble, shows } from "./names.ts";

test.each(vectors.clean)("%j is cleaned as Python does it", (typed = "", shown) => {
  expect(clean(typed)).toBe(shown);
});

test.each(vectors.shows)("%j shows something", (name) => {
  expect(shows(name)).toBe(true);
});

test.each(vectors.nothing)("%j shows nothing", (name) => {
  expect(shows(name)).toBe(false);
  expect(nameTrouble(name, [])).toBe("nothing");
});

test.each(vectors.alike)("%j is like %j", (one = "", other = "") => {
  expect(alike(one, other)).toBe(true);
  expect(nameTrouble(one, ["Bram", other])).toBe("taken");
});

test.each(vectors.different)("%j is not like %j", (one = "", other = "") => {
  expect(alike(one, other)).toBe(false);
  expect(nameTrouble(one, [other])).toBeNull();
});

test("a name may be long, and not longer", () => {
  expect(nameTrouble("🦊".repeat(40), [])).toBeNull();
  expect(nameTrouble("🦊".repeat(41), [])).toBe("tooLong");
  expect([excessOfName("🦊".repeat(41)), excessOfName(` ${"a".repeat(52)} `)]).toEqual([1, 12]);
  expect(nameTrouble(`${"a".repeat(40)}\u200b `, [])).toBeNull();
});
