import { describe, expect, test, vi } from "vitest";
import { Memory } from "../../tests/room.ts";
import { KeptStore, type Store, StoredValue } from "./storage.ts";

const denied = (): Store => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};

/** Storage that takes so many letters, as browsers do. */
class Small extends Memory {
  constructor(public room: number) {
    super();
  }
  override setItem(key: string, value: string): void {
    const used = [...this.held].filter(([name]) => name !== key).reduce((sum, [, text]) => sum + text.length, 0);
    if (used + value.length > this.room) throw new DOMException("full", "QuotaExceededError");
    super.setItem(key, value);
  }
}

describe("where storage is denied", () => {
  test.each([
    ["by its property", denied],
    [
      "by its methods",
      (): Store => ({
        length: 0,
        key: () => null,
        getItem: denied as never,
        setItem: denied as never,
        removeItem: denied as never,
      }),
    ],
    ["altogether", (): Store => undefined as never],
  ])("%s, things are held in memory, and it is known that nothing lasts", (_, give) => {
    const store = new KeptStore(give);
    expect(store.lasts).toBe(false);
    const value = new StoredValue<string>(store, "kring:x");
    value.write("typed");
    expect(value.read()).toBe("typed");
    expect([store.length, store.key(0)]).toEqual([1, "kring:x"]);
    value.write(null);
    expect([value.read(), store.length]).toEqual([null, 0]);
  });
});

describe("where storage is full", () => {
  test("the newest is held in memory, and is kept when there is room again", () => {
    const inner = new Small(60);
    const store = new KeptStore(() => inner);
    const [pad, other] = [new StoredValue<string>(store, "kring:pad"), new StoredValue<string>(store, "kring:other")];
    const changed = vi.fn();
    pad.write("short");
    expect(store.lasts).toBe(true);
    store.onchange = changed;
    pad.write("x".repeat(100));
    expect(pad.read()).toBe("x".repeat(100));
    expect(store.lasts).toBe(false);
    expect(changed).toHaveBeenCalled();
    expect([...Array(store.length).keys()].map((index) => store.key(index))).toEqual(["kring:pad"]);

    inner.room = 500;
    pad.write("y".repeat(100));
    other.write("z");
    expect(store.lasts).toBe(true);
    expect(inner.getItem("kring:pad")).toContain("y");
  });

  test("what did not fit is kept as soon as anything fits again, also where there was room at first", () => {
    const inner = new Small(60);
    const store = new KeptStore(() => inner);
    const [pad, large, other] = ["pad", "large", "other"].map((key) => new StoredValue<string>(store, `kring:${key}`));
    pad?.write("x".repeat(100));
    large?.write("x".repeat(400));
    inner.room = 200;
    other?.write("z");
    expect(inner.getItem("kring:pad")).toContain("x");
    expect(store.lasts).toBe(false);
    inner.room = 800;
    other?.write("zz");
    expect([store.lasts, inner.held.size]).toEqual([true, 3]);
  });

  test("from the first moment, it is known at once, and what was there is still read", () => {
    const inner = new Small(100);
    inner.held.set("kring:old", '"there"');
    inner.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    const store = new KeptStore(() => inner);
    expect(store.lasts).toBe(false);
    expect(new StoredValue<string>(store, "kring:old").read()).toBe("there");
  });
});

test("going through all keys does not list them anew for each", () => {
  const inner = new Memory();
  const store = new KeptStore(() => inner);
  for (let n = 0; n < 50; n += 1) store.setItem(`kring:${n}`, "x");
  const asked = vi.spyOn(inner, "key");
  expect(Array.from({ length: 50 }, (_, index) => store.key(index))).toEqual([...inner.held.keys()]);
  expect(asked.mock.calls.length).toBe(50);
});

test("storage that works is used as it is, without a trace of the look at it", () => {
  const inner = new Memory();
  const store = new KeptStore(() => inner);
  expect([store.lasts, inner.held.size]).toEqual([true, 0]);
  store.setItem("a", "b");
  expect(inner.held.get("a")).toBe("b");
});
