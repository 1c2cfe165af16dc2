import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const TEXT = /"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;
/** An ordinary space where a line would end before a sign, or after the first of two that stand round words. */
const BREAKS = /[\p{L}\d)}] [?!;:»]|« /u;

test("no line of a French text begins with a sign, or ends with an opening one", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) =>
    /(^|[/.])fr\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(4);
  const broken = files.flatMap((file) =>
    [...readFileSync(`src/${file}`, "utf8").matchAll(TEXT)]
      .map(([, plain, filled]) => plain ?? (filled ?? "").replace(/\$\{[^{}]*\}/g, "}"))
      .filter((text) => BREAKS.test(text)),
  );
  expect(broken).toEqual([]);
});
