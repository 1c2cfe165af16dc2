// What carries a knock, where the network answers late or never.
import { afterEach, expect, test, vi } from "vitest";
import { encode } from "../crypto/encoding.ts";
import { Door } from "./relay.ts";
import { Talking } from "./talking.ts";

const INSIDE = { meeting: "k7d2m5qw3xza4bcn6vhj", key: encode(new Uint8Array(32).fill(5)), token: "token" };

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("a request that never gets an answer is sent again", async () => {
  vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
    const limit = new AbortController();
    setTimeout(() => limit.abort(new DOMException("late", "TimeoutError")), 5);
    return limit.signal;
  });
  const heard = { messages: [], next: 1, over: true };
  const network = vi
    .fn<typeof fetch>()
    .mockImplementationOnce(
      (_path, init) => new Promise((_, no) => init?.signal?.addEventListener("abort", () => no(init.signal?.reason))),
    )
    .mockImplementation(async () => Response.json(heard));
  vi.stubGlobal("fetch", network);
  const ended = vi.fn();
  const talking = new Talking(new Door(INSIDE).line("k1"), 1, { receive: async () => null, ended });
  await talking.run(1);
  expect(network).toHaveBeenCalledTimes(2);
  expect(ended).toHaveBeenCalledWith("over");
});

test("only the end is said by a page that is being left", async () => {
  const network = vi
    .fn<typeof fetch>()
    .mockImplementation(async () => Response.json({ messages: [], next: 1, over: true }));
  vi.stubGlobal("fetch", network);
  const line = new Door(INSIDE).line("k1");
  await line.say(1, null);
  await line.say(1, { what: "end" });
  expect(network.mock.calls.map(([, init]) => init?.keepalive)).toEqual([false, true]);
});
