/// <reference types="vite/client" />
import { expect, test } from "vitest";
import good from "../../../../tests/core/methods/small-circle.yaml?raw";
import golden from "../../../../tests/fixtures/schema_remarks.json";
import { LONGEST_TEXT, MethodFile } from "./file.ts";
import { DEFS } from "./grammar.ts";
import { remarksOfSchema } from "./schema.ts";

const library = import.meta.glob<string>("../../../src/kring/methods/library/*.yaml", {
  query: "?raw",
  import: "default",
  eager: true,
});
const said = (text: string) => remarksOfSchema(new MethodFile(text));
/** Only the reader suggests what may have been meant. */
const unguessed = (args: object): object => ("hint" in args ? { ...args, hint: "" } : args);

test.each(golden.map((one) => [one.name, one] as const))("the schema says what the reader says of %s", (_, one) => {
  const text = good.slice(0, one.from) + one.put + good.slice(one.to);
  const expected = one.remarks.map((remark) => ({ ...remark, args: unguessed(remark.args), notes: [] }));
  expect(said(text)).toEqual(expected);
});

test.each(Object.entries(library))("nothing is wrong with %s", (_, text) => {
  expect(said(text)).toEqual([]);
});

test.each([
  ["", 1, "empty-file"],
  ["- a", 1, "not-a-mapping"],
  ["kring: 1\nid: [", 2, "not-yaml"],
  [good.replace("advice: late", "advice:"), good.split("\n").indexOf("advice: late") + 1, "no-value"],
])("what cannot be read is told at its line: %j", (text, line, code) => {
  const [first] = said(text);
  expect(first?.code).toBe(code);
  expect(first?.line).toBe(line);
});

test("the limit that a field tells is the schema's", () => {
  expect(DEFS.Text?.additionalProperties).toMatchObject({ maxLength: LONGEST_TEXT });
});
