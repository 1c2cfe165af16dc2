import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Memory } from "../../../tests/room.ts";
import { keepScreenOn } from "./screen.ts";
import { Sounds } from "./sounds.ts";

const vibrate = vi.fn();
let started = 0;

class FakeContext extends EventTarget {
  static last: FakeContext;
  state = "suspended";
  currentTime = 0;
  destination = {};
  constructor() {
    super();
    FakeContext.last = this;
  }
  /** As a phone call does. */
  interrupt(state = "interrupted"): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
  async resume(): Promise<void> {
    this.state = "running";
  }
}

class FakeNode {
  gain = { setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn(), exponentialRampToValueAtTime: vi.fn() };
  connect<T>(next: T): T {
    return next;
  }
  start(): void {
    started += 1;
  }
  stop(): void {}
}

beforeEach(() => {
  started = 0;
  vibrate.mockClear();
  vi.stubGlobal("AudioContext", FakeContext);
  vi.stubGlobal("GainNode", FakeNode);
  vi.stubGlobal("OscillatorNode", FakeNode);
  Object.defineProperty(navigator, "vibrate", { value: vibrate, configurable: true });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("sounds play only after a tap, as browsers ask", () => {
  const sounds = new Sounds(new Memory());
  sounds.play("turn");
  expect(started).toBe(0);
  sounds.unlock();
  sounds.play("turn");
  expect(started).toBe(2);
});

test.each(["interrupted", "suspended"])("a sound that was %s comes back by itself", async (state) => {
  const sounds = new Sounds(new Memory());
  sounds.unlock();
  await Promise.resolve();
  const context = FakeContext.last;
  context.interrupt(state);
  expect(context.state).toBe("running");

  // The system does not give it back as long as the call lasts; afterwards the page is looked at again.
  const resume = vi.spyOn(context, "resume").mockRejectedValue(new DOMException("busy", "InvalidStateError"));
  context.interrupt(state);
  sounds.play("turn");
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(started).toBe(0);
  resume.mockRestore();
  document.dispatchEvent(new Event("visibilitychange"));
  sounds.play("turn");
  expect(started).toBe(2);
});

test("where the browser closes the sound for good, the page listens no more often for another one", async () => {
  const listen = vi.spyOn(document, "addEventListener");
  const sounds = new Sounds(new Memory());
  for (let n = 0; n < 5; n += 1) {
    sounds.unlock();
    await Promise.resolve();
    FakeContext.last.interrupt("closed");
  }
  expect(listen.mock.calls.filter(([type]) => type === "visibilitychange")).toHaveLength(1);
  listen.mockRestore();
});

test("a tone that is due while the sound comes back still sounds", async () => {
  const sounds = new Sounds(new Memory());
  sounds.unlock();
  await Promise.resolve();
  const context = FakeContext.last;
  context.state = "interrupted";
  sounds.play("turn");
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(started).toBe(2);
});

test("sounds that are off neither sound nor vibrate, also after a reload", () => {
  const store = new Memory();
  const sounds = new Sounds(store);
  sounds.unlock();
  sounds.on = false;
  sounds.play("time");
  new Sounds(store).play("time");
  expect(started).toBe(0);
  expect(vibrate).not.toHaveBeenCalled();
});

test("keepScreenOn asks again when the page is looked at again, and lets go in the end", async () => {
  const release = vi.fn(async () => undefined);
  const request = vi.fn(async () => ({ release }));
  Object.defineProperty(navigator, "wakeLock", { value: { request }, configurable: true });
  const letGo = keepScreenOn();
  await Promise.resolve();
  document.dispatchEvent(new Event("visibilitychange"));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(request).toHaveBeenCalledTimes(2);
  letGo();
  expect(release).toHaveBeenCalled();
  document.dispatchEvent(new Event("visibilitychange"));
  expect(request).toHaveBeenCalledTimes(2);
});
