import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { entryOf, NOW, Setting } from "../../tests/connecting.ts";
import { HttpError } from "./api.ts";
import { Connection } from "./connection.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("somebody in between", () => {
  test.each([
    [4010, ""],
    [4010, "Forbidden by policy"],
    [4013, "idle timeout"],
    [4001, "unauthorized"],
    [1009, "message too big"],
    [1008, "policy"],
    [1011, "shown-out"],
    [4999, "doors-closed"],
  ])("a close by somebody in between (%i %s) is no reason of the room's", async (code, reason) => {
    const it = new Setting();
    await it.open();
    const answer = it.connection.send(entryOf("c1"));
    it.room.line.cut(code, reason);
    await vi.advanceTimersByTimeAsync(300);
    await it.answerDial(2);
    it.room.line.deliver({ type: "done", id: "c1", seq: 3 });
    expect([it.connection.status, it.forgotten]).toEqual(["open", 0]);
    expect(await answer).toEqual({ ok: true, seq: 3 });
  });

  test.each([
    "<html>Sign in</html>",
    "",
    "null",
    "[]",
    "17",
    '{"message": "hello"}',
    '{"type": "trouble", "code": "toString"}',
  ])("what is no message of the room's (%s) is not believed", async (said) => {
    const it = new Setting();
    await it.open();
    it.room.line.say(said);
    await vi.advanceTimersByTimeAsync(300);
    if (it.room.sockets.length > 1) await it.answerDial();
    expect([it.connection.status, it.forgotten]).toEqual(["open", 0]);
  });
});

describe("what stands in between", () => {
  test.each([
    [new TypeError("Failed to fetch"), "offline"],
    [new HttpError(401), "portal"],
    [new HttpError(200), "portal"],
    [new HttpError(0), "portal"],
    [new HttpError(502), "server"],
    [new HttpError(503, "restarting"), "server"],
  ] as const)("%s is %s, until the line is there", async (error, obstacle) => {
    const it = new Setting();
    it.room.errors.push(error);
    it.connection.start();
    await vi.advanceTimersByTimeAsync(300);
    expect(it.obstacles).toEqual([obstacle]);
    await it.answerDial();
    expect(it.obstacles.at(-1)).toBeNull();
  });

  test("WebSockets that are refused at once are known as such within seconds", async () => {
    const it = new Setting();
    it.connection.start();
    await vi.advanceTimersByTimeAsync(0);
    it.room.line.cut();
    expect(it.obstacles).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    it.room.line.cut();
    expect(it.obstacles).toEqual(["socket"]);
    await vi.advanceTimersByTimeAsync(600);
    await it.answerDial();
    expect(it.obstacles.at(-1)).toBeNull();
  });

  test.each([false, true])(
    "WebSockets that are swallowed (opened: %s) are known as such within 15 seconds",
    async (opened) => {
      const it = new Setting();
      it.connection.start();
      await vi.advanceTimersByTimeAsync(0);
      if (opened) it.room.line.open();
      await vi.advanceTimersByTimeAsync(12_000);
      expect(it.obstacles.at(-1)).toBe("socket");
    },
  );

  test("an answer that never comes is nobody's", async () => {
    const it = new Setting();
    it.room.ticket = () => new Promise(() => undefined);
    const lost = new Connection(
      { ticket: it.room.ticket, forget: () => undefined, socket: it.room.socket, random: () => 1, seal: 2 },
      it.outbox,
      {
        status: () => undefined,
        obstacle: (obstacle) => it.obstacles.push(obstacle),
        welcome: () => undefined,
        facts: () => undefined,
        seal: () => undefined,
        devices: () => undefined,
        resend: () => "send",
      },
    );
    lost.start();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(it.obstacles.at(-1)).toBe("offline");
    lost.stop();
  });
});
