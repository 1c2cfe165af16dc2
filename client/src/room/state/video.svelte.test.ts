import { expect, test } from "vitest";
import { Memory } from "../../../tests/room.ts";
import { excessOf, VideoLink, videoIn, videoRoom } from "./video.svelte.ts";

test.each([
  ["https://meet.example.org/kring-oost", "https://meet.example.org/kring-oost"],
  ["http://meet.example.org/kring", null],
  ["javascript:alert(1)", null],
  ["https://noor:secret@meet.example.org/", null],
  ["//meet.example.org", null],
  ["meet.example.org", null],
  [`https://meet.example.org/${"a".repeat(600)}`, null],
])("%s is a video room or not", (text, url) => {
  expect(videoRoom(text)).toBe(url);
});

test("a link brings it along, and a reload still has it", () => {
  const store = new Memory();
  const link = new VideoLink(store, "m", `#k=key&v=${encodeURIComponent("https://meet.example.org/a?b=1&c=2")}`);
  expect(link.url).toBe("https://meet.example.org/a?b=1&c=2");
  expect(new VideoLink(store, "m", "#k=key").url).toBe("https://meet.example.org/a?b=1&c=2");
  expect(videoIn("#k=key&v=http%3A%2F%2Fmeet.example.org")).toBeNull();
});

test("how much too long it is counts as it is written out, and only of an address that would do", () => {
  const address = (letter: string, times: number) => `https://meet.example.org/${letter.repeat(times)}`;
  expect(videoRoom(address("a", 475))).not.toBeNull();
  expect([address("a", 475), address("a", 476), address("é", 100)].map(excessOf)).toEqual([0, 1, 125]);
  for (const none of ["x".repeat(600), `http://${"a".repeat(600)}`, ""]) expect(excessOf(none)).toBeLessThanOrEqual(0);
});

test("what is no https address is refused, and keeps what there was", () => {
  const link = new VideoLink(new Memory(), "m", "#k=key");
  expect(link.give("https://meet.example.org/")).toBe(true);
  expect(link.give("http://meet.example.org/")).toBe(false);
  expect(link.url).toBe("https://meet.example.org/");
  expect(link.give(null)).toBe(true);
  expect(link.url).toBeNull();
});
