import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Memory } from "../../../tests/room.ts";
import { keepScreenOn } from "./screen.ts";
import { Sounds } from "./sounds.ts";

const vibrate = vi.fn();
let started = 0;

class FakeContext {
  state = "suspended";
  currentTime = 0;
  destination = {};
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
