import { describe, expect, test } from "vitest";
import { MEETING } from "../../../tests/cast.ts";
import { Memory } from "../../../tests/room.ts";
import { LinkKeys, newKey } from "../../crypto/keys.ts";
import { seal } from "../../crypto/seal.ts";
import { Notes } from "./notes.svelte.ts";

const KEYS = new LinkKeys(newKey());
const DAYS_31 = 31 * 86_400_000;

async function written(store: Memory): Promise<Notes> {
  const notes = new Notes(store, MEETING, KEYS);
  await notes.ready;
  notes.pad = "Ik hoor vooral vermoeidheid";
  notes.setDraft("tip", { start: "Bel haar" });
  await notes.settled();
  return notes;
}

describe("notes", () => {
  test("are there again after a reload, and unreadable at rest", async () => {
    const store = new Memory();
    await written(store);
    expect(store.text()).not.toMatch(/vermoeidheid|Bel/);
    const again = new Notes(store, MEETING, KEYS);
    await again.ready;
    expect(again.pad).toBe("Ik hoor vooral vermoeidheid");
    expect(again.draft("tip")).toEqual({ start: "Bel haar" });
  });

  test("keep the last keystroke of a quick typist", async () => {
    const store = new Memory();
    const notes = new Notes(store, MEETING, KEYS);
    for (const text of ["a", "ab", "abc"]) notes.pad = text;
    await notes.settled();
    const again = new Notes(store, MEETING, KEYS);
    await again.ready;
    expect(again.pad).toBe("abc");
  });

  test("typed before the old ones were read come below them, and lose no draft", async () => {
    const store = new Memory();
    await written(store);
    const again = new Notes(store, MEETING, KEYS);
    again.pad = "nieuw";
    await again.ready;
    await again.settled();
    expect(again.pad).toBe("Ik hoor vooral vermoeidheid\nnieuw");
    expect(again.draft("tip")).toEqual({ start: "Bel haar" });
  });

  test("cleared before the old ones were read are gone for good, and nothing else is", async () => {
    const store = new Memory();
    await written(store);
    const second = new Notes(store, MEETING, KEYS);
    second.setDraft("tip", null);
    await second.settled();
    for (const notes of [second, new Notes(store, MEETING, KEYS)]) {
      await notes.ready;
      expect([notes.pad, notes.draft("tip")]).toEqual(["Ik hoor vooral vermoeidheid", {}]);
    }
  });

  test("of another key are not shown", async () => {
    const store = new Memory();
    await written(store);
    const other = new Notes(store, MEETING, new LinkKeys(newKey()));
    await other.ready;
    expect(other.pad).toBe("");
  });

  test("leave nothing behind when they are emptied or burned", async () => {
    const store = new Memory();
    const notes = await written(store);
    notes.setDraft("tip", null);
    notes.pad = "";
    await notes.settled();
    expect(store.held.size).toBe(0);
    const burned = await written(store);
    burned.pad = "nog net";
    burned.burn();
    await burned.settled();
    expect(store.held.size).toBe(0);
    expect(burned.draft("tip")).toEqual({});
  });

  test("go after 30 days, and nothing else goes", async () => {
    const store = new Memory();
    await written(store);
    store.setItem("kring:language", '"nl"');
    new Notes(store, "another", KEYS).sweepOthers(store, Date.now() + 1000);
    expect(store.held.size).toBe(2);
    new Notes(store, "another", KEYS).sweepOthers(store, Date.now() + DAYS_31);
    expect([...store.held.keys()]).toEqual(["kring:language"]);
  });

  test("of this meeting stay while one is in it, whatever this device's clock says", async () => {
    const store = new Memory();
    const own = await written(store);
    own.sweepOthers(store, Date.now() + DAYS_31);
    expect(store.held.size).toBe(1);
  });

  test("are dated by the room's clock, by which others sweep them", async () => {
    const store = new Memory();
    const ahead = Date.now() + DAYS_31;
    const notes = new Notes(store, MEETING, KEYS, { now: () => ahead });
    await notes.ready;
    notes.pad = "Ik hoor vooral vermoeidheid";
    await notes.settled();
    new Notes(store, "another", KEYS).sweepOthers(store, ahead + 1000);
    expect(store.held.size).toBe(1);
  });

  test("are gone through once by a page, however often it connects", async () => {
    const store = new Memory();
    const another = new Notes(store, "another", KEYS);
    another.sweepOthers(store, Date.now());
    await written(store);
    another.sweepOthers(store, Date.now() + DAYS_31);
    expect(store.held.size).toBe(1);
  });

  test("of an earlier release, sealed in format 1, are there again", async () => {
    const store = new Memory();
    const place = { meeting: MEETING, seat: "device", kind: "notes", id: "notes" };
    const plain = { pad: "Ik hoor vooral vermoeidheid", drafts: JSON.stringify({ tip: { start: "Bel haar" } }) };
    store.setItem(
      `kring:notes:${MEETING}`,
      JSON.stringify({ at: Date.now(), sealed: await seal(KEYS, place, plain, 1) }),
    );
    const again = new Notes(store, MEETING, KEYS);
    await again.ready;
    expect([again.pad, again.draft("tip")]).toEqual(["Ik hoor vooral vermoeidheid", { start: "Bel haar" }]);
  });

  test("are not kept at all where there is no key", async () => {
    const store = new Memory();
    const none = new LinkKeys(null);
    const notes = new Notes(store, MEETING, none);
    notes.pad = "x";
    await notes.settled();
    expect(store.held.size).toBe(0);
  });
});

describe("notes in two tabs", () => {
  async function two(): Promise<readonly [Memory, Notes, Notes]> {
    const store = new Memory();
    const older = await written(store);
    const newer = new Notes(store, MEETING, KEYS);
    await newer.ready;
    return [store, older, newer];
  }
  const reopened = async (store: Memory): Promise<Notes> => {
    const again = new Notes(store, MEETING, KEYS);
    await again.ready;
    return again;
  };

  test("lose nothing by a keystroke in the older one", async () => {
    const [store, older, newer] = await two();
    newer.pad = `${newer.pad}, en zorg`;
    newer.setDraft("advice", { text: "Slaap er een nacht over" });
    await newer.settled();
    older.setDraft("tip", { start: "Bel haar vandaag" });
    await older.settled();
    for (const notes of [older, await reopened(store)]) {
      expect(notes.pad).toBe("Ik hoor vooral vermoeidheid, en zorg");
      expect(notes.drafts).toEqual({
        tip: { start: "Bel haar vandaag" },
        advice: { text: "Slaap er een nacht over" },
      });
    }
  });

  test("keep what both typed, and what both have once", async () => {
    const [store, older, newer] = await two();
    newer.pad = `${newer.pad}. Van ons`;
    older.pad = `${older.pad}. Van mij`;
    await newer.settled();
    await older.settled();
    const text = (await reopened(store)).pad;
    for (const part of ["Van ons", "Van mij"]) expect(text).toContain(part);
  });

  test("forget a draft that the other handed in, and keep one that was changed since", async () => {
    const [store, older, newer] = await two();
    newer.setDraft("tip", null);
    await newer.settled();
    await older.refresh();
    expect(older.draft("tip")).toEqual({});
    older.setDraft("tip", { start: "Toch nog iets" });
    older.pad = "";
    await older.settled();
    await newer.refresh();
    expect([newer.pad, newer.draft("tip")]).toEqual(["", { start: "Toch nog iets" }]);
    expect((await reopened(store)).draft("tip")).toEqual({ start: "Toch nog iets" });
  });

  test("show what the other typed without a keystroke", async () => {
    const [, older, newer] = await two();
    newer.pad = "Nieuw";
    await newer.settled();
    expect([older.isKeptAs(`kring:notes:${MEETING}`), older.isKeptAs("kring:language")]).toEqual([true, false]);
    await older.refresh();
    expect(older.pad).toBe("Nieuw");
  });
});
