/// <reference types="vite/client" />
import { expect, test } from "vitest";
import linxxText from "../../../../src/kring/methods/library/linxx-9.yaml?raw";
import tietzeText from "../../../../src/kring/methods/library/tietze-6.yaml?raw";
import { MethodFile } from "./file.ts";

const linxx = new MethodFile(linxxText);
const ids = (file: MethodFile): unknown[] => file.phases.map((place) => place.raw.id);
const of = (file: MethodFile, id: string) => {
  const found = file.phases.find((place) => place.raw.id === id);
  if (!found) throw new Error(`no phase ${id}`);
  return found;
};
const full = (file: MethodFile): string[] => file.text.split("\n").filter((line) => line.trim() !== "");
const changedLines = (before: string, after: string): string[] => {
  const known = new Set(before.split("\n"));
  return after.split("\n").filter((line) => !known.has(line));
};

test("a changed number changes its line and no other", () => {
  const { path } = of(linxx, "gossip");
  const after = linxx.with([...path, "minutes"], 20);
  expect(changedLines(linxx.text, after.text)).toEqual(["    minutes: 20"]);
  expect(after.at([...path, "minutes"])).toBe(20);
});

test("a changed text keeps its quotes, and the comments of the file stay", () => {
  const { path } = of(linxx, "gossip");
  const after = linxx.with([...path, "name", "nl"], 'Roddelen "op z\'n best"');
  expect(changedLines(linxx.text, after.text)).toHaveLength(1);
  expect(after.text).toContain("# Nine steps with a gossip round");
  expect(after.at([...path, "name", "nl"])).toBe('Roddelen "op z\'n best"');
});

test("a new key is added to its phase, and taken away again", () => {
  const { path } = of(linxx, "explanation");
  const after = linxx.with([...path, "position", "owner"], "aside");
  expect(after.at([...path, "position"])).toEqual({ owner: "aside" });
  expect(after.with([...path, "position"], undefined).at([...path, "position"])).toBeUndefined();
});

test("phases are moved within their section and over its edge", () => {
  const [first, second] = linxx.phases.filter((place) => place.section === "round");
  if (!first || !second) throw new Error("no round");
  const down = linxx.moved(first, 1);
  expect(ids(down).indexOf(first.raw.id)).toBe(ids(linxx).indexOf(second.raw.id));
  const up = linxx.moved(first, -1);
  expect(of(up, String(first.raw.id)).section).toBe("opening");
  expect(ids(up)).toEqual(ids(linxx));
  expect(full(up.moved(of(up, String(first.raw.id)), 1))).toEqual(full(linxx));
});

test("the first phase of all goes no further up, the last no further down", () => {
  const [first] = linxx.phases;
  const last = linxx.phases.at(-1);
  if (!first || !last) throw new Error("no phases");
  expect(linxx.moved(first, -1).text).toBe(linxx.text);
  const closed = linxx.moved(last, 1);
  expect(of(closed, String(last.raw.id)).section).toBe("closing");
  expect(closed.moved(of(closed, String(last.raw.id)), 1).text).toBe(closed.text);
});

test("a phase is added and removed, also the last of a section", () => {
  const small = new MethodFile("kring: 1\nround:\n  - id: a\n");
  const two = small.withItem(["round"], 1, { id: "b", minutes: 3 });
  expect(ids(two)).toEqual(["a", "b"]);
  const opened = two.withItem(["opening"], 0, { id: "c" });
  expect(ids(opened)).toEqual(["c", "a", "b"]);
  expect(opened.without(["opening", 0]).at(["opening"])).toBeUndefined();
});

test("ids of new phases are free", () => {
  expect(linxx.freeId("gossip")).toBe("gossip-2");
  expect(linxx.freeId("pause")).toBe("pause");
  expect(linxx.withItem(["round"], 0, { id: "gossip-2" }).freeId("gossip-2")).toBe("gossip-3");
});

test("a line is found in its phase, and the head of the file in none", () => {
  const lines = linxx.text.split("\n");
  const gossip = lines.findIndex((line) => line.includes("- id: gossip")) + 1;
  expect(linxx.phaseAt(gossip)?.raw.id).toBe("gossip");
  expect(linxx.phaseAt(gossip + 5)?.raw.id).toBe("gossip");
  expect(linxx.phaseAt(gossip - 2)?.raw.id).toBe("explanation");
  expect(linxx.phaseAt(3)).toBeNull();
});

test.each(["", "- a\n- b", "a: [1", "\t", "just words", "a: &x [*x]"])(
  "what is no method file breaks nothing: %j",
  (odd) => {
    const file = new MethodFile(odd);
    expect(file.phases).toEqual([]);
    expect(file.phaseAt(1)).toBeNull();
  },
);

test("phases of sub-protocols are there", () => {
  const tietze = new MethodFile(tietzeText);
  expect(tietze.phases.some((place) => place.section.startsWith("modules."))).toBe(true);
});

test("the same text in two places is written out twice, for the language has no anchors", () => {
  const texts = { nl: "Een", en: "One" };
  const after = linxx.with(["modules", "one"], { name: texts, summary: texts });
  expect(after.at(["modules", "one", "summary"])).toEqual(texts);
  expect(after.text).not.toMatch(/&a1|\*a1/);
  expect(linxx.withItem(["round"], 0, { name: texts, why: texts }).text).not.toMatch(/&a1|\*a1/);
});

test("a spot leads to the innermost key that it is in, and an emoji is one column", () => {
  const file = new MethodFile(
    'name: {nl: "😀😀", en: "x"}\nround:\n  - id: a\n    gives:\n      - {who: owner, least: 2}\n',
  );
  expect(file.spot(["name", "en"])).toEqual({ line: 1, column: 22 });
  expect(file.pathAt({ line: 1, column: 22 })).toEqual(["name", "en"]);
  expect(file.pathAt({ line: 1, column: 12 })).toEqual(["name", "nl"]);
  expect(file.pathAt({ line: 2, column: 1 })).toEqual(["round"]);
  expect(file.pathAt({ line: 3, column: 9 })).toEqual(["round", 0, "id"]);
  expect(file.pathAt({ line: 4, column: 5 })).toEqual(["round", 0, "gives"]);
  expect(file.pathAt({ line: 5, column: 29 })).toEqual(["round", 0, "gives", 0, "least"]);
  expect(new MethodFile("").pathAt({ line: 1, column: 1 })).toEqual([]);
});

test("a phase can be moved wherever there is a place before or after it", () => {
  const { phases } = linxx;
  const [first, last] = [phases[0], phases.at(-1)];
  if (!first || !last) throw new Error("no phases");
  for (const place of phases) {
    for (const by of [-1, 1] as const) {
      expect(linxx.movable(place, by)).toBe(linxx.moved(place, by) !== linxx);
    }
  }
  const ended = linxx.moved(last, 1); // into a closing, which it had none of
  const end = ended.phases.at(-1);
  expect([linxx.movable(first, -1), end && ended.movable(end, 1)]).toEqual([false, false]);
});
