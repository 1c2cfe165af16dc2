import { afterEach, beforeEach, expect, test, vi } from "vitest";
import answers from "../../../../tests/fixtures/intermediaries.json";
import { MEETING, viewOf } from "../../../tests/cast.ts";
import { Memory } from "../../../tests/room.ts";
import { KEY, useSettings } from "../../../tests/room-setting.ts";
import { call, createMeeting, HttpError, listMethods, startColleagues } from "../../transport/api.ts";
import { browser } from "./environment.ts";

type Intermediary = (typeof answers)[number];

function respond({ status, type, body, headers }: Intermediary): Response {
  // As a browser gives a redirect that is not to be followed: nothing can be read of it.
  if (status >= 300 && status < 400) return Object.defineProperty(new Response(null), "status", { value: 0 });
  const all = { ...headers, ...(type ? { "Content-Type": type } : {}) } as Record<string, string>;
  return new Response(status === 204 ? null : body, { status, headers: all });
}

const setting = useSettings();
const later = globalThis.setTimeout;

/** So much of the room's time, with moments of real time between: proofs are made by the browser, outside of the clock. */
async function pass(time: number): Promise<void> {
  for (let passed = 0; passed < time; passed += 500) {
    await new Promise((resolve) => later(resolve, 2));
    await vi.advanceTimersByTimeAsync(500);
  }
}

let says: Intermediary | null = null;
const ours = async (path: string): Promise<Response> =>
  path.endsWith("/method")
    ? Response.json({ id: "linxx-9", round: [] })
    : Response.json({ ticket: "t", device_token: "a new token", room: `/room/${MEETING}` });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async (path: string) => (says ? respond(says) : ours(path)));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each(answers)("$what: it is tried later, and nothing is lost", async (intermediary) => {
  const local = new Memory();
  const token = `kring:device:${MEETING}:device`;
  local.setItem(token, JSON.stringify("the seat"));
  says = intermediary;
  // It asks over the network, as a browser does.
  const { ticket, method } = browser();
  const { server, room } = setting(local, new Memory(), `#k=${KEY}`, { ticket, method });
  room.start();
  await pass(30_000);
  expect([room.status, room.ended, room.method, server.sockets.length]).toEqual(["connecting", null, null, 0]);
  expect(local.getItem(token)).toBe('"the seat"');

  says = null;
  await pass(8_000);
  server.line.open();
  server.line.deliver({ type: "welcome", seq: 1, now: Date.now(), seat: null, table: false, view: viewOf() });
  expect([room.status, room.method?.id]).toEqual(["open", "linxx-9"]);
});

test.each(answers)("$what: it is no yes and no code of ours for any request", async (intermediary) => {
  says = intermediary;
  const requests = [
    createMeeting({ method: "linxx-9", practice: false, written: false, language: "nl" }),
    startColleagues(MEETING, { key: "k", seats: 5, role: "owner", language: "nl" }),
    listMethods(),
    call("/api/workbench/check", {}, (said) => Array.isArray(said.remarks)),
  ];
  for (const { reason } of (await Promise.allSettled(requests)) as PromiseRejectedResult[]) {
    expect(reason).toBeInstanceOf(HttpError);
    expect(reason.code).toBe("");
  }
});
