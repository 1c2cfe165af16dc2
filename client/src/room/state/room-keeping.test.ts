import { beforeEach, describe, expect, test, vi } from "vitest";
import { BRAM, MEETING, mineOf, viewOf } from "../../../tests/cast.ts";
import { Memory } from "../../../tests/room.ts";
import { KEY, type Setting, settle, useSettings } from "../../../tests/room-setting.ts";

const setting = useSettings();

describe("what this device keeps", () => {
  const hideKey = vi.fn();
  const reload = vi.fn();
  beforeEach(() => {
    hideKey.mockClear();
    reload.mockClear();
  });
  const own = (fragment: string, local: Memory, session = new Memory()): Setting =>
    setting(local, session, fragment, { hideKey, reload });

  test("the key goes from the address bar into the tab once somebody sits, and a reload finds it there", async () => {
    const it = await own(`#k=${KEY}`, new Memory()).open();
    expect(hideKey).toHaveBeenCalledTimes(1);
    expect(it.local.text()).not.toContain(KEY);
    const again = await own("", it.local, it.session).open();
    expect([again.room.ended, again.room.wasHere, again.room.seat]).toEqual([null, false, BRAM]);
    expect(again.room.link()).toContain(`#k=${KEY}`);
    expect(own("", it.local).room.wasHere).toBe(true);
  });

  test("a visitor's address stays as it is", async () => {
    const it = own(`#k=${KEY}`, new Memory());
    await it.open(viewOf({ mine: mineOf(null) }));
    expect(hideKey).not.toHaveBeenCalled();
  });

  test("what somebody left is neither shown nor used before it is said whose it is", async () => {
    const first = await own(`#k=${KEY}`, new Memory()).open();
    first.room.stop();
    const next = own(`#k=${KEY}`, first.local);
    next.room.start();
    await settle();
    expect([next.room.wasHere, next.server.tickets]).toEqual([true, 0]);
    next.room.resume(true);
    await settle();
    expect([next.room.wasHere, next.server.tickets]).toEqual([false, 1]);

    const other = own(`#k=${KEY}`, first.local);
    other.room.start();
    other.room.resume(false);
    expect(reload).toHaveBeenCalledTimes(1);
    expect(first.local.held.size).toBe(0);
  });

  test("a shared computer has forgotten whoever left, who still can take home what they could read", async () => {
    const it = own(`#k=${KEY}`, new Memory());
    it.room.share(true);
    await it.open();
    it.room.notes.pad = "Mine";
    await it.room.notes.settled();
    expect(it.local.held.size).toBe(0);
    const leaving = it.room.send({ type: "leave" });
    it.server.line.deliver({ type: "done", id: it.asked.id, seq: 6 });
    await leaving;
    expect([it.room.ended, it.room.last?.mine.seat, it.room.notes.pad]).toEqual(["left", BRAM, "Mine"]);
    expect([it.local.held.size, it.session.held.size]).toEqual([0, 0]);
  });

  test("what they take home is whole until they close the page, also after another tab or a look at one", async () => {
    const it = own(`#k=${KEY}`, new Memory());
    it.room.share(true);
    await it.open();
    it.room.notes.pad = "Mine";
    it.room.notes.setDraft("tip", { text: "Half" });
    await it.room.notes.settled();
    const leaving = it.room.send({ type: "leave" });
    it.server.line.deliver({ type: "done", id: it.asked.id, seq: 6 });
    await leaving;
    document.dispatchEvent(new Event("visibilitychange"));
    window.dispatchEvent(new StorageEvent("storage", { key: null }));
    await settle();
    expect([it.room.notes.pad, it.room.notes.draft("tip")]).toEqual(["Mine", { text: "Half" }]);
  });

  test("a seat is taken along from a shared computer, too", async () => {
    const it = own(`#k=${KEY}`, new Memory());
    it.room.share(true);
    await it.open();
    expect(it.room.seatLink()).toMatch(/&d=token$/);
  });

  test("a seat that a link brings along is taken also where somebody sat before", async () => {
    const link = `#k=${KEY}&d=brought&v=${encodeURIComponent("https://meet.example.org/kring")}`;
    for (const mine of [true, false]) {
      const first = await own(`#k=${KEY}`, new Memory()).open();
      first.room.stop();
      const next = own(link, first.local);
      next.room.start();
      await settle();
      expect([next.room.wasHere, next.room.seatLink()]).toEqual([true, null]);
      next.room.resume(mine);
      expect(first.local.getItem(`kring:device:${MEETING}:device`)).toBe('"brought"');
      // A reload finds the link of the video room in the tab: it stands in the address no longer.
      expect(own(`#k=${KEY}`, first.local, next.session).room.video.url).toBe("https://meet.example.org/kring");
    }
  });

  test("the method is asked for by one at a time, however often somebody tries again", async () => {
    const method = vi.fn(() => Promise.reject(new Error("not now")));
    const it = setting(new Memory(), new Memory(), `#k=${KEY}`, { method });
    it.room.start();
    for (let n = 0; n < 5; n += 1) it.room.retry();
    await settle();
    expect(method).toHaveBeenCalledTimes(1);
  });

  test("forgetting leaves nothing here, in memory either, and no late answer brings it back", async () => {
    const it = await own(`#k=${KEY}`, new Memory()).open();
    it.room.notes.pad = "Mine";
    await it.room.notes.settled();
    it.server.line.cut();
    it.room.forget();
    await settle();
    expect([it.room.view, it.room.last, it.room.notes.pad, it.room.ended]).toEqual([null, null, "", "forgotten"]);
    expect([it.local.held.size, it.session.held.size]).toEqual([0, 0]);
  });
});

describe("a page that isn't secure", () => {
  test("says so, and asks nothing", async () => {
    const it = setting(new Memory(), new Memory(), `#k=${KEY}`, { secure: false });
    it.room.start();
    await settle();
    expect([it.room.ended, it.server.tickets]).toEqual(["insecure", 0]);
  });
});
