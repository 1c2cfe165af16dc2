import { expect, test } from "vitest";
import limits from "../../../tests/fixtures/limits.json";
import { decode } from "./encoding.ts";
import { LinkKeys, newKey } from "./keys.ts";
import { seal } from "./seal.ts";
import { excess, MOST_BYTES } from "./size.ts";

interface Repeated {
  readonly of: string;
  readonly times: number;
}

const PLACE = { meeting: "m", seat: "s", kind: "tip", id: "b" };
const MAX_BODY = 12 * 1024;

test.each(limits.cases)("what doesn't fit is counted as everywhere: $name", async ({ fields, excess: over }) => {
  const parts = Object.entries(fields) as [string, Repeated][];
  const filled = Object.fromEntries(parts.map(([id, { of, times }]) => [id, of.repeat(times)]));
  expect(excess(filled)).toBe(over);
  for (const format of [1, 2] as const) {
    const sealed = decode(await seal(new LinkKeys(newKey()), PLACE, filled, format));
    expect(sealed.length <= MAX_BODY).toBe(over === 0);
  }
});

test("the most that fits is the same as in Python", () => {
  expect(MOST_BYTES).toBe(limits["most-bytes"]);
  expect(excess({ rating: 5 })).toBe(0);
});
