import { expect, test } from "vitest";
import { MEETING } from "../../../tests/cast.ts";
import { Memory } from "../../../tests/room.ts";
import { KeptStore } from "../../transport/storage.ts";
import { Keeping } from "./keeping.ts";

const TOKEN = `kring:device:${MEETING}:device`;
const NOTES = `kring:notes:${MEETING}`;

function setting() {
  const [local, session] = [new Memory(), new Memory()];
  return { local, session, keeping: new Keeping(local, session, MEETING) };
}

test("an own device keeps a seat beyond the tab, and the key for the tab alone", () => {
  const { local, session, keeping } = setting();
  keeping.setItem(TOKEN, "t");
  expect(keeping.seated("the key")).toBe(true);
  expect(local.getItem(TOKEN)).toBe("t");
  expect(local.text()).not.toContain("the key");
  expect(new Keeping(local, session, MEETING).openedWith).toBe("the key");
  expect(new Keeping(local, new Memory(), MEETING).openedWith).toBeNull();
});

test("a shared computer keeps nothing beyond the tab, also what was kept before that was said", () => {
  const { local, session, keeping } = setting();
  keeping.setItem(TOKEN, "t");
  local.setItem("kring:device:another", "theirs");
  keeping.shared = true;
  keeping.setItem(NOTES, "n");
  keeping.seated("the key");
  expect([...local.held.keys()]).toEqual(["kring:device:another"]);
  const reloaded = new Keeping(local, session, MEETING);
  expect([reloaded.shared, reloaded.getItem(TOKEN), reloaded.getItem(NOTES)]).toEqual([true, "t", "n"]);
  reloaded.shared = false;
  expect([local.getItem(TOKEN), session.getItem(TOKEN)]).toEqual(["t", null]);
});

test("that somebody was here is seen from another tab, and not from the same one", () => {
  const { local, session, keeping } = setting();
  expect(keeping.wasHere).toBe(false);
  keeping.setItem(TOKEN, "t");
  expect(keeping.wasHere).toBe(false);
  keeping.seated("the key");
  expect(new Keeping(local, session, MEETING).wasHere).toBe(false);
  expect(new Keeping(local, new Memory(), MEETING).wasHere).toBe(true);
  expect(new Keeping(local, new Memory(), "another").wasHere).toBe(false);
});

test("forgetting removes all of this meeting, here and in the tab, and nothing else", () => {
  const { local, session, keeping } = setting();
  for (const kind of ["notes", "visit", "seated"]) local.setItem(`kring:${kind}:${MEETING}`, "x");
  for (const kind of ["outbox", "role"]) session.setItem(`kring:${kind}:${MEETING}:device`, "x");
  keeping.setItem(TOKEN, "t");
  keeping.seated("the key");
  local.setItem("kring:sounds", "true");
  local.setItem("kring:method:abc", "{}");
  keeping.forget();
  expect([...local.held.keys()]).toEqual(["kring:sounds", "kring:method:abc"]);
  expect(session.held.size).toBe(0);
  expect(new Keeping(local, session, MEETING).wasHere).toBe(false);
});

test("where the tab keeps nothing, the key stays in the address: a reload must find it", () => {
  const broken = new KeptStore(() => {
    throw new DOMException("denied", "SecurityError");
  });
  const keeping = new Keeping(broken, broken, MEETING);
  expect(keeping.seated("the key")).toBe(false);
  expect(keeping.lasts).toBe(false);
});
