import { expect, test } from "vitest";
import golden from "../../../../tests/fixtures/file_encodings.json";
import { decoded } from "./decoded.ts";

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

test.each(golden.map((one) => [one.name, one] as const))("the command line and the workbench agree on %s", (_, one) => {
  const found = decoded(bytesOf(one.hex));
  if (one.text !== null) expect(found).toBe(one.text);
  else expect(found).toEqual({ ...one.remark, notes: [] });
});

test("a file that is too large is refused unread", () => {
  expect(decoded(new Uint8Array(256 * 1024 + 1).fill(120))).toMatchObject({
    code: "file-too-large",
    args: { over: 1, most: 256 },
  });
  expect(decoded(new Uint8Array(256 * 1024 + 1).fill(120), 300 * 1024)).toMatchObject({ args: { over: 44 } });
  expect(decoded(new Uint8Array(256 * 1024).fill(120))).toHaveLength(256 * 1024);
});
