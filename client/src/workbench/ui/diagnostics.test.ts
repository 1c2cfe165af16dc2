/// <reference types="vite/client" />
import { setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import good from "../../../../tests/core/methods/small-circle.yaml?raw";
import type { Remark } from "../state/api.ts";
import { MethodFile } from "../state/file.ts";
import { Diagnostics } from "./diagnostics.ts";
import { sentence } from "./remarks.ts";

const stateOf = (text: string) => EditorState.create({ doc: text });
const messages = (found: readonly { message: string }[]): string[] => found.map((one) => one.message);
const SUM: Remark = { line: 8, column: 10, code: "min-over-max", args: { max: 6 }, notes: [] };

test("until the server has spoken the schema says what it sees, in the language of the screen", () => {
  const text = good.replace("advice: late", "advice: later");
  const [mark] = new Diagnostics().fromSchema(stateOf(text), new MethodFile(text), "nl");
  expect(mark?.message).toContain("`later` kan niet bij `advice`");
  expect(text.slice(mark?.from, mark?.to)).toBe("later");
});

test("when the server has spoken a mistake is told once", () => {
  const text = good.replace("advice: late", "advice: later");
  const marks = new Diagnostics();
  const remark: Remark = {
    line: 10,
    column: 9,
    code: "not-possible",
    args: { value: "later", key: "advice", hint: "", known: ["free", "late", "never"] },
    notes: [],
  };
  const told = marks.fromServer(stateOf(text), new MethodFile(text), [remark], "en");
  expect(messages(told)).toEqual([sentence(remark, "en")]);
  const state = stateOf(text).update(setDiagnostics(stateOf(text), told)).state;
  expect(marks.fromSchema(state, new MethodFile(text), "en")).toHaveLength(1);
  expect(marks.fromSchema(state, new MethodFile(good), "en")).toEqual([]);
});

test("what only the checker can know stays until it speaks again", () => {
  const text = good.replace("minutes: 40", "minutes: 41");
  const marks = new Diagnostics();
  const before = stateOf(text);
  const told = marks.fromServer(before, new MethodFile(text), [SUM], "en");
  const marked = before.update(setDiagnostics(before, told)).state;
  const moved = marked.update({ changes: { from: 0, insert: "# mine\n" } }).state;
  const found = marks.fromSchema(moved, new MethodFile(moved.doc.toString()), "en");
  expect(messages(found)).toEqual([sentence(SUM, "en")]);
  expect(moved.doc.lineAt(found[0]?.from ?? 0).text).toBe("minutes: 41");
});

test("a mistake after an emoji is marked where it is", () => {
  const text = good.replace('nl: "Kleine kring"', 'nl: "😀😀 kring"').replace("Small circle", "x".repeat(2001));
  const column = text.split("\n")[2]?.split("").indexOf("x") ?? 0;
  const [mark] = new Diagnostics().fromSchema(stateOf(text), new MethodFile(text), "en");
  expect(mark?.message).toBe("`name.en` is too long by 1: 2000 characters at most.");
  expect(text.slice(mark?.from).startsWith('"xxx')).toBe(true);
  // The reader counts the two emoji as two columns, and so does the workbench.
  const remark: Remark = { line: 3, column: column - 2, code: "text-empty", args: { key: "en" }, notes: [] };
  const [told] = new Diagnostics().fromServer(stateOf(text), new MethodFile(text), [remark], "en");
  expect(told?.from).toBe(mark?.from);
});
