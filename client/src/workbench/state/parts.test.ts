/// <reference types="vite/client" />
import { expect, test } from "vitest";
import tietzeText from "../../../../src/kring/methods/library/tietze-6.yaml?raw";
import small from "../../../../tests/core/methods/small-circle.yaml?raw";
import { MethodFile } from "./file.ts";
import { idFrom, named, usesOf, withoutPart } from "./parts.ts";

const tietze = new MethodFile(tietzeText);
const circle = new MethodFile(small);
const lines = (text: string): Set<string> => new Set(text.split("\n"));

test.each([
  ["Waarnemer", [], "waarnemer"],
  ["Wie schrijft er mee?", [], "wie-schrijft-er-mee"],
  ["Ayşe's vraag", [], "ayse-s-vraag"],
  ["2 vragen", [], "vragen"],
  ["!!", [], "new"],
  ["Waarnemer", ["waarnemer", "waarnemer-2"], "waarnemer-3"],
  ["x".repeat(60), [], "x".repeat(36)],
])("the name %j beside %j becomes the id %s", (name, taken, id) => {
  expect(idFrom(name, taken)).toBe(id);
});

test("all that a role does in the steps is found", () => {
  const uses = usesOf(tietze, "roles", "secretary");
  expect(new Set(uses.map((use) => use.as))).toEqual(new Set(["fills", "gives", "prompts"]));
  expect(uses.every((use) => tietze.at(use.path) !== undefined)).toBe(true);
});

test("a role goes with all that speaks of it, and nothing else changes", () => {
  const after = withoutPart(tietze, "roles", "secretary");
  expect(after.raw.roles).toBeUndefined();
  expect(after.text).not.toMatch(/^ *secretary:|: secretary|\[secretary\]/m);
  const known = lines(tietze.text);
  expect([...lines(after.text)].filter((line) => !known.has(line))).toEqual([]);
  expect(after.phases.map((place) => place.raw.id)).toEqual(tietze.phases.map((place) => place.raw.id));
});

test("a reply, a place and what is withheld go with their role too", () => {
  const busy = circle
    .with(["round", 1, "gives", 0, "reply"], { who: "scribe" })
    .with(["round", 0, "position"], { scribe: "aside" })
    .with(["round", 1, "gives", 0, "withheld"], { from: "scribe", until: "close" })
    .with(["round", 4, "withheld", "from"], "scribe");
  expect(usesOf(busy, "roles", "scribe").map((use) => use.as)).toEqual(
    expect.arrayContaining(["reply", "position", "withheld", "gives", "prompts", "fills"]),
  );
  const after = withoutPart(busy, "roles", "scribe");
  expect(after.text).not.toContain("scribe");
  expect(after.at(["round", 1, "gives", 0, "reply"])).toEqual({});
});

test("a form goes, and where it was asked for plain text is", () => {
  const after = withoutPart(circle, "forms", "open-question");
  expect(after.raw.forms).toBeUndefined();
  expect(after.text).not.toContain("open-question");
});

test("steps choose and run a sub-protocol as long as there is one", () => {
  const two = circle.with(["modules", "more"], circle.at(["modules", "ideas"]));
  expect(usesOf(two, "modules", "more")).toEqual([]);
  expect(usesOf(circle, "modules", "ideas").map((use) => use.as)).toEqual(["choose", "runs"]);
  const after = withoutPart(circle, "modules", "ideas");
  expect([after.raw.modules, after.at(["round", 2, "choose"]), after.at(["round", 3, "runs"])]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("what is new of these stands before the steps, whose comments stay", () => {
  const file = new MethodFile("kring: 1\nround: # each case\n  - id: a\n");
  const after = file.with(["roles", "guest", "name"], { nl: "Gast" });
  expect(after.text.indexOf("roles:")).toBeLessThan(after.text.indexOf("round:"));
  expect(after.text).toContain("# each case");
  expect(after.with(["roles", "other", "name"], { nl: "Ander" }).text).toContain("  other:\n");
});

test.each(["roles: drop", "roles: [a]", "roles: {a: drop}", "roles:"])("what is no role breaks nothing: %s", (text) => {
  const file = new MethodFile(`kring: 1\n${text}\nround: {a: drop}\n`);
  for (const [id, role] of named(file, "roles")) expect([id, role]).toEqual(["a", {}]);
  expect(usesOf(file, "roles", "a")).toEqual([]);
});
