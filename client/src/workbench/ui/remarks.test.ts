import { expect, test } from "vitest";
import golden from "../../../../tests/fixtures/remark_sentences.json";
import { LANGUAGES } from "../../design/languages.gen.ts";
import type { Remark } from "../state/api.ts";
import { said, sentence, totalOf } from "./remarks.ts";

test.each(golden.map((one) => [one.remark.code, one] as const))("%s is said as the command line says it", (_, one) => {
  const remark = one.remark as unknown as Remark;
  for (const language of LANGUAGES) expect(sentence(remark, language)).toBe(one.said[language]);
});

test("numbers are told as they are written in a file", () => {
  const args = { name: "", key: "minutes", bound: 13.333333333 };
  expect(said({ code: "at-most", args }, "nl")).toBe("`minutes` mag hoogstens 13.3333 zijn.");
});

test("a code that this page does not know is shown as it is", () => {
  expect(said({ code: "quite-new", args: {} }, "nl")).toBe("quite-new");
});

test("the total of the steps is taken from the remark, a range too", () => {
  const remark = (total: unknown) =>
    ({ code: "minutes-do-not-add-up", args: { total }, line: 1, column: 1, notes: [] }) as unknown as Remark;
  expect(totalOf([remark(75)])).toEqual({ least: 75, most: 75 });
  const range = { code: "minutes-range", args: { least: 60, most: 80 } };
  expect(totalOf([remark(range)])).toEqual({ least: 60, most: 80 });
  expect(totalOf([])).toBeNull();
});
