import { expect, test } from "vitest";
import { adoptDevice, DeviceToken } from "./device-token.ts";

function store() {
  const kept = new Map<string, string>();
  return {
    kept,
    length: 0,
    key: () => null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test.each([["device", "table"] as const, ["table", "device"] as const])(
  "a browser's %s and its %s are of one browser",
  (first, second) => {
    const local = store();
    new DeviceToken(local, "m", first).write("one");

    expect(new DeviceToken(local, "m", second).read()).toBe("one");
    expect(new DeviceToken(local, "another", second).read()).toBeNull();
  },
);

test("what each had before, it keeps", () => {
  const local = store();
  const [seat, screen] = [new DeviceToken(local, "m", "device"), new DeviceToken(local, "m", "table")];
  seat.write("one");
  screen.write("two");

  expect([seat.read(), screen.read()]).toEqual(["one", "two"]);
});

test("a token that was refused is not taken from the other one again", () => {
  const local = store();
  const [seat, screen] = [new DeviceToken(local, "m", "device"), new DeviceToken(local, "m", "table")];
  seat.write("one");
  screen.forget();
  expect([seat.read(), screen.read()]).toEqual([null, null]);

  seat.write("three");
  screen.write("four");
  screen.forget();
  expect([seat.read(), screen.read()]).toEqual(["three", "three"]);
});

test("a seat is taken along by a link, but never over another one", () => {
  const local = store();
  adoptDevice(local, "m", "#k=key&d=t0ken.with%2Bsigns");
  expect(new DeviceToken(local, "m", "device").read()).toBe("t0ken.with+signs");

  adoptDevice(local, "m", "#k=key&d=other");
  adoptDevice(local, "n", "#k=key");
  expect(new DeviceToken(local, "m", "device").read()).toBe("t0ken.with+signs");
  expect(new DeviceToken(local, "n", "device").read()).toBeNull();
});
