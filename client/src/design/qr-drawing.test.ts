import { expect, it } from "vitest";
import { qr } from "./qr-drawing.ts";

const LINK = `https://kring.example/m/abcdefghij234567abcd#k=${"A".repeat(43)}`;

it("draws the whole link, fragment included, with a quiet zone of four modules", () => {
  const { size, path } = qr(LINK);
  expect((size - 8 - 17) % 4).toBe(0);
  expect(path.startsWith("M4 4h7v1h-7z")).toBe(true);
  expect(qr(LINK.slice(0, -1)).path).not.toBe(path);
});
