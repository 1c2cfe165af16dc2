import { expect, test } from "vitest";
import { Memory } from "../../../tests/room.ts";
import type { Bodies, Command, View } from "../../protocol/index.ts";
import type { Answer } from "../../transport/outbox.ts";
import type { Content } from "./contents.svelte.ts";
import { excessOf, VideoLink, videoIn, videoRoom } from "./video.svelte.ts";

const LINK = "https://meet.example.org/";
const BROUGHT = "https://meet.example.org/a?b=1&c=2";
const FRAGMENT = `#k=key&v=${encodeURIComponent(BROUGHT)}`;

/** A room that has what was given, or, of an earlier release, takes none. */
class Meeting {
  url: string | null = null;
  answer: Answer = { ok: true, seq: 1 };
  older = false;

  get view(): View {
    return { video: this.url === null ? null : { seat: "s1", content: "c1" } } as View;
  }
  content(id: string | null): Content {
    return id === null || this.url === null ? { state: "waiting" } : { state: "open", fields: { url: this.url } };
  }
  permitted(command: string): boolean {
    return command === "set-video-room" && !this.older;
  }
  async send(command: Command, bodies: Bodies = {}): Promise<Answer> {
    if (command.type !== "set-video-room") throw new Error(command.type);
    if (this.answer.ok) this.url = command.content ? (bodies[command.content] ?? null) : null;
    return this.answer;
  }
}

const linkOf = (room: Meeting, fragment = "#k=key", store = new Memory()): VideoLink =>
  new VideoLink(store, { meeting: "m", fragment }, room, async (fields) => ["c1", { c1: String(fields.url) }]);

test.each([
  [BROUGHT, BROUGHT],
  ["http://meet.example.org/kring", null],
  ["javascript:alert(1)", null],
  ["https://noor:secret@meet.example.org/", null],
  ["//meet.example.org", null],
  ["meet.example.org", null],
  [`https://meet.example.org/${"a".repeat(600)}`, null],
])("%s is a video room or not", (text, url) => {
  expect(videoRoom(text)).toBe(url);
});

test("how much too long it is counts as it is written out, and only of an address that would do", () => {
  const address = (letter: string, times: number) => `https://meet.example.org/${letter.repeat(times)}`;
  expect(videoRoom(address("a", 475))).not.toBeNull();
  expect([address("a", 475), address("a", 476), address("é", 100)].map(excessOf)).toEqual([0, 1, 125]);
  for (const none of ["x".repeat(600), `http://${"a".repeat(600)}`, ""]) expect(excessOf(none)).toBeLessThanOrEqual(0);
});

test("it is given into the meeting, and no invitation brings it along", async () => {
  const meeting = new Meeting();
  const link = linkOf(meeting);
  expect(await link.give(LINK)).toEqual({ ok: true });
  expect(meeting.url).toBe(LINK);
  expect(link.url).toBe(LINK);
  expect(link.part).toBe("");
  await link.give(null);
  expect(link.url).toBeNull();
});

test("what somebody else gave is shown if it is https", () => {
  const meeting = new Meeting();
  const link = linkOf(meeting);
  meeting.url = LINK;
  expect(link.url).toBe(LINK);
  meeting.url = "javascript:alert(1)";
  expect(link.url).toBeNull();
});

test("a link of before brings it along, also over a reload, until one is given in the meeting", async () => {
  const store = new Memory();
  const meeting = new Meeting();
  const link = linkOf(meeting, FRAGMENT, store);
  expect(link.url).toBe(BROUGHT);
  expect(linkOf(meeting, "#k=key", store).url).toBe(BROUGHT);
  expect(videoIn(link.part)).toBe(BROUGHT);
  expect(videoIn("#k=key&v=http%3A%2F%2Fmeet.example.org")).toBeNull();
  await link.give(LINK);
  expect(link.url).toBe(LINK);
  await link.give(null);
  expect(linkOf(meeting, "#k=key", store).url).toBeNull();
});

test("a room of before takes none: it travels behind the #", async () => {
  const meeting = new Meeting();
  meeting.older = true;
  const link = linkOf(meeting);
  expect(await link.give(LINK)).toEqual({ ok: true });
  expect(link.url).toBe(LINK);
  expect(videoIn(link.part)).toBe(LINK);
});

test("what is no https address, and what the room refuses, changes nothing", async () => {
  const meeting = new Meeting();
  const link = linkOf(meeting);
  await link.give(LINK);
  expect(await link.give("http://meet.example.org/")).toEqual({ ok: false, code: "no-link" });
  meeting.answer = { ok: false, code: "content-burned" };
  expect(await link.give(BROUGHT)).toEqual({ ok: false, code: "content-burned" });
  expect(link.url).toBe(LINK);
});
