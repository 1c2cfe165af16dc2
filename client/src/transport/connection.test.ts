import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { entryOf, NOW, Setting, welcomeOf } from "../../tests/connecting.ts";
import { HttpError } from "./api.ts";
import { type Answer, Outbox } from "./outbox.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("connecting", () => {
  test("asks for a ticket, says hello with it, and is open at the welcome", async () => {
    const it = new Setting();
    await it.open();
    expect(it.room.paths).toEqual(["/room/m"]);
    expect(it.room.line.received).toEqual([{ type: "hello", ticket: "t1", seal: 2 }]);
    expect(it.statuses).toEqual(["connecting", "open"]);
  });

  test("passes on in what format to seal: 1 where the room says nothing of it", async () => {
    const it = new Setting();
    await it.open();
    it.room.line.deliver({ type: "seal", format: 2 });
    it.room.line.deliver({ ...welcomeOf(1), seal: 2 });
    expect(it.formats).toEqual([1, 2, 2]);
  });

  test("a line lost between the frames of a long welcome is begun again from before it", async () => {
    const it = new Setting();
    await it.open(0);
    it.room.line.deliver({ type: "facts", seq: 0, because: [], facts: {}, bodies: { b1: "sealed" } });
    it.room.line.cut();
    await vi.advanceTimersByTimeAsync(300);
    await it.answerDial(0);
    expect(it.room.line.received[0]).toEqual({ type: "hello", ticket: "t2", seal: 2, since: 0 });
    it.room.line.deliver({ type: "facts", seq: 9, because: [], facts: {}, bodies: { b2: "sealed" } });
    it.room.line.cut();
    await vi.advanceTimersByTimeAsync(600);
    await it.answerDial(9);
    expect(it.room.line.received[0]).toEqual({ type: "hello", ticket: "t3", seal: 2, since: 9 });
  });

  test("after a lost line says since when, with a new ticket", async () => {
    const it = new Setting();
    await it.open(7);
    it.room.line.deliver({ type: "facts", seq: 9, because: [], facts: {} });
    it.room.line.cut();
    await vi.advanceTimersByTimeAsync(300);
    await it.answerDial(9);
    expect(it.room.line.received[0]).toEqual({ type: "hello", ticket: "t2", seal: 2, since: 9 });
    expect(it.connection.status).toBe("open");
  });

  test("waits longer each time, up to 5 seconds", async () => {
    const it = new Setting();
    it.connection.start();
    for (const wait of [300, 600, 1200, 2400, 4800, 5000, 5000]) {
      await vi.advanceTimersByTimeAsync(0);
      const before = it.room.sockets.length;
      it.room.line.cut();
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(it.room.sockets.length).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(it.room.sockets.length).toBe(before + 1);
    }
  });

  test("waits shortly again after a welcome, also when that line falls soon", async () => {
    const it = new Setting();
    it.room.errors.push(...Array.from({ length: 6 }, () => new TypeError("offline")));
    it.connection.start();
    await vi.advanceTimersByTimeAsync(30_000);
    await it.answerDial();
    it.room.line.cut();
    await vi.advanceTimersByTimeAsync(600);
    expect(it.room.sockets.length).toBeGreaterThan(1);
    await it.answerDial();
    expect(it.connection.status).toBe("open");
  });

  test("comes back within the blink of an eye to a server that said it stops", async () => {
    const it = new Setting();
    await it.open();
    await vi.advanceTimersByTimeAsync(6_000);
    it.room.line.deliver({ type: "trouble", code: "restarting" });
    await vi.advanceTimersByTimeAsync(200);
    expect(it.room.sockets.length).toBe(2);
  });

  test("tries at once when the network is back", async () => {
    const it = new Setting();
    it.room.errors.push(new TypeError("offline"), new TypeError("offline"), new TypeError("offline"));
    it.connection.start();
    await vi.advanceTimersByTimeAsync(900);
    expect(it.room.tickets).toBe(3);
    it.connection.wake();
    await it.answerDial();
    expect(it.connection.status).toBe("open");
  });

  test("a server that answers 503 is asked again", async () => {
    const it = new Setting();
    it.room.errors.push(new HttpError(503));
    it.connection.start();
    await vi.advanceTimersByTimeAsync(300);
    await it.answerDial();
    expect(it.statuses.at(-1)).toBe("open");
  });

  test("a line without a welcome is given up after 10 seconds", async () => {
    const it = new Setting();
    it.connection.start();
    await vi.advanceTimersByTimeAsync(0);
    it.room.line.open();
    const first = it.room.line;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(first.hungUp).toBe(true);
    await vi.advanceTimersByTimeAsync(300);
    expect(it.room.sockets.length).toBe(2);
  });

  test("what an earlier line says late is not heard", async () => {
    const it = new Setting();
    await it.open();
    const first = it.room.line;
    first.cut();
    first.deliver({ type: "facts", seq: 99, because: [], facts: {} });
    expect(it.messages.length).toBe(1);
  });
});

describe("the end", () => {
  test.each([
    [4009, "replaced"],
    [4010, "shown-out"],
    [4011, "doors-closed"],
    [4013, "unknown-meeting"],
    [4015, "full"],
  ] as const)("%i is final: %s", async (code, reason) => {
    const it = new Setting();
    await it.open();
    const answer = it.connection.send(entryOf("c1"));
    it.room.line.cut(code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(it.statuses.at(-1)).toBe(reason);
    expect(it.room.sockets.length).toBe(1);
    expect(await answer).toEqual({ ok: false, code: "connection-ended" });
  });

  test("one may try again after the end", async () => {
    const it = new Setting();
    await it.open();
    it.room.line.cut(4011);
    await it.open();
    expect(it.connection.status).toBe("open");
  });

  test("one knocks at closed doors only where the room said that one may, and once", async () => {
    const it = new Setting();
    const hello = async (knock: boolean): Promise<unknown> => {
      it.connection.start(knock);
      await vi.advanceTimersByTimeAsync(0);
      it.room.line.open();
      return it.room.line.received.at(-1);
    };
    const out = async (more: object): Promise<void> => {
      it.room.line.deliver({ type: "trouble", code: "doors-closed", ...more });
      await vi.advanceTimersByTimeAsync(0);
    };
    expect(await hello(true)).not.toHaveProperty("knock");
    await out({ knock: true });
    expect(it.connection.mayKnock).toBe(true);
    expect(await hello(true)).toHaveProperty("knock", true);
    await out({});
    expect(it.connection.mayKnock).toBe(false);
    expect(await hello(true)).not.toHaveProperty("knock");
    await out({ knock: true });
    expect(await hello(false)).not.toHaveProperty("knock");
    it.connection.start(true); // while it looks
    await out({ knock: true });
    expect(await hello(false)).toHaveProperty("knock", true);
    await out({ knock: true });
    expect(await hello(false)).not.toHaveProperty("knock");
  });

  test.each([4001, 4002, 4003])("a ticket refused with %i is renewed once", async (code) => {
    const it = new Setting();
    it.connection.start();
    await vi.advanceTimersByTimeAsync(0);
    it.room.line.cut(code);
    await vi.advanceTimersByTimeAsync(0);
    expect(it.room.tickets).toBe(2);
    expect(it.forgotten).toBe(code === 4002 ? 0 : 1);
    it.room.line.cut(code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(it.room.tickets).toBe(2);
    expect(it.connection.status).toBe("closed");
  });

  test("a meeting that isn't there, or has expired, ends it", async () => {
    for (const [status, reason] of [
      [404, "unknown-meeting"],
      [410, "expired"],
    ] as const) {
      const it = new Setting();
      it.room.errors.push(new HttpError(status, reason));
      it.connection.start();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(it.statuses.at(-1)).toBe(reason);
      expect(it.room.tickets).toBe(1);
    }
  });

  test("a device that the server doesn't believe comes as a new one, once", async () => {
    const it = new Setting();
    it.room.errors.push(new HttpError(403, "bad-token"), new HttpError(403, "bad-token"));
    it.connection.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(it.forgotten).toBe(2);
    expect(it.room.tickets).toBe(2);
    expect(it.statuses.at(-1)).toBe("ticket-refused");
  });

  test("a request that Kring will never grant ends it, and the device stays known", async () => {
    const it = new Setting();
    it.room.errors.push(new HttpError(403, "other-origin"));
    it.connection.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([it.statuses.at(-1), it.forgotten, it.room.tickets]).toEqual(["ticket-refused", 0, 1]);
  });

  test("trouble counts when its close frame is lost", async () => {
    const it = new Setting();
    await it.open();
    it.room.line.deliver({ type: "trouble", code: "shown-out" });
    expect(it.statuses.at(-1)).toBe("shown-out");
    expect(it.room.line.hungUp).toBe(true);
  });
});

describe("commands", () => {
  test("are answered by id", async () => {
    const it = new Setting();
    await it.open();
    const [one, two] = [it.connection.send(entryOf("c1")), it.connection.send(entryOf("c2"))];
    it.room.line.deliver({ type: "refused", id: "c2", code: "not-your-turn" });
    it.room.line.deliver({ type: "done", id: "c1", seq: 4 });
    expect(await one).toEqual({ ok: true, seq: 4 });
    expect(await two).toEqual({ ok: false, code: "not-your-turn" });
    expect(it.storage.held.size).toBe(0);
  });

  test("that were not answered go down the next line with the same id, after the facts", async () => {
    const it = new Setting();
    await it.open();
    const answer = it.connection.send(entryOf("c1"));
    it.room.line.cut();
    await vi.advanceTimersByTimeAsync(300);
    await it.answerDial(2);
    expect(it.room.line.received[1]).toMatchObject({ type: "do", id: "c1" });
    expect(it.messages.length).toBe(2);
    it.room.line.deliver({ type: "done", id: "c1", seq: 3 });
    expect(await answer).toEqual({ ok: true, seq: 3 });
  });

  test("given without a line wait for one", async () => {
    const it = new Setting();
    void it.connection.send(entryOf("c1"));
    await it.open();
    expect(it.room.line.commands()).toEqual(["pause"]);
  });

  test("survive a reload of the page", async () => {
    const first = new Setting();
    await first.open();
    void first.connection.send(entryOf("c1"));
    first.connection.stop();
    const second = new Setting();
    for (const [key, value] of first.storage.held) second.storage.setItem(key, value);
    const outbox = new Outbox(second.storage, "box", () => undefined);
    expect(outbox.entries).toEqual([{ ...entryOf("c1"), tries: 1 }]);
  });

  test.each([
    ["done", { ok: true, seq: 5 }],
    ["over", { ok: false, code: "phase-over" }],
  ] as const)("found to be %s by then are not sent", async (verdict, expected: Answer) => {
    const it = new Setting();
    it.verdict = verdict;
    const answer = it.connection.send(entryOf("c1"));
    await it.open(5);
    expect(it.room.line.commands()).toEqual([]);
    expect(await answer).toEqual(expected);
  });

  test("that the room can't read are tried twice, and the others still arrive", async () => {
    const it = new Setting();
    await it.open();
    const answer = it.connection.send(entryOf("c1"));
    it.room.line.cut(1009);
    await vi.advanceTimersByTimeAsync(300);
    await it.answerDial();
    it.room.line.cut(1009);
    expect(await answer).toEqual({ ok: false, code: "frame-refused" });
    void it.connection.send(entryOf("c2", { type: "resume" }));
    await vi.advanceTimersByTimeAsync(600);
    await it.answerDial();
    expect(it.room.line.commands()).toEqual(["resume"]);
  });
});

describe("the clock and the pulse", () => {
  test("the server's clock is that of the quickest answer", async () => {
    const it = new Setting();
    it.connection.start();
    await vi.advanceTimersByTimeAsync(0);
    it.room.line.open();
    await vi.advanceTimersByTimeAsync(400);
    it.room.line.deliver(welcomeOf(1, NOW + 1200));
    expect(it.connection.clock.offset).toBe(1000);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(it.room.line.received.at(-1)).toEqual({ type: "ping", n: 1 });
    it.room.line.deliver({ type: "pong", n: 1, now: Date.now() + 900 });
    expect(it.connection.clock.now()).toBe(Date.now() + 900);
  });

  test.each([3_600_000, -3_600_000, 31 * 86_400_000])(
    "a clock that is set by %i ms meanwhile changes nothing",
    async (by) => {
      const it = new Setting();
      await it.open();
      vi.setSystemTime(NOW + by);
      expect(it.connection.clock.now()).toBe(NOW);
      expect(it.connection.clock.jumped()).toBe(true);
      expect(it.connection.clock.jumped()).toBe(false);
      await vi.advanceTimersByTimeAsync(7_000);
      expect(it.connection.clock.now()).toBe(NOW + 7_000);
      expect(it.connection.clock.jumped()).toBe(false);
    },
  );

  test("a device whose own clock is set anew believes the next answer", async () => {
    const it = new Setting();
    await it.open();
    vi.setSystemTime(NOW + 3_600_000);
    it.connection.wake();
    it.room.line.deliver({ type: "pong", n: 1, now: NOW });
    expect(it.connection.clock.now()).toBe(NOW);
  });

  test("a line that doesn't answer a command is asked soon, and replaced when it stays dumb", async () => {
    const it = new Setting();
    await it.open();
    void it.connection.send(entryOf("c1"));
    void it.connection.send(entryOf("c2"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(it.room.line.received.filter((message) => message.type === "ping")).toEqual([{ type: "ping", n: 1 }]);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(it.connection.status).toBe("connecting");
  });

  test("a line that answers commands is not asked", async () => {
    const it = new Setting();
    await it.open();
    void it.connection.send(entryOf("c1"));
    it.room.line.deliver({ type: "done", id: "c1", seq: 2 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(it.room.line.received.filter((message) => message.type === "ping")).toEqual([]);
  });

  test("a line that doesn't answer a ping is replaced", async () => {
    const it = new Setting();
    await it.open();
    await vi.advanceTimersByTimeAsync(20_000);
    await vi.advanceTimersByTimeAsync(10_300);
    expect(it.room.sockets.length).toBe(2);
  });

  test("a line that answers stays", async () => {
    const it = new Setting();
    await it.open();
    for (let n = 1; n <= 10; n += 1) {
      await vi.advanceTimersByTimeAsync(20_000);
      it.room.line.deliver({ type: "pong", n, now: Date.now() });
    }
    expect(it.room.sockets.length).toBe(1);
  });

  test("a page that is looked at again finds out quickly whether its line still lives", async () => {
    const it = new Setting();
    await it.open();
    it.connection.wake();
    await vi.advanceTimersByTimeAsync(4_300);
    expect(it.room.sockets.length).toBe(2);
  });
});
