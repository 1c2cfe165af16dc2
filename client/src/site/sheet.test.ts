import { expect, test } from "vitest";
import { roomLink } from "./sheet.ts";

const origin = "https://kring.example";
const key = `#k=${"b".repeat(43)}`;
const room = `/m/${"a".repeat(20)}`;

test("a room's sheet with its key leads to the room", () => {
  expect(roomLink({ origin, pathname: `${room}/sheet`, hash: key })).toBe(origin + room + key);
});

test.each([
  ["/methods/some/sheet", key],
  [`${room}/sheet`, ""],
  [`${room}/sheet`, "#k=short"],
  [`/m/${"A".repeat(20)}/sheet`, key],
])("%s with %s leads nowhere", (pathname, hash) => {
  expect(roomLink({ origin, pathname, hash })).toBeNull();
});
