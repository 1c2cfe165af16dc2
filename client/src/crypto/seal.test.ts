import { describe, expect, test } from "vitest";
import vectors from "../../../tests/fixtures/sealing.json";
import { decode, encode, importKey, keyOf, newId, newKey, open, type Plain, SealError, seal } from "./seal.ts";

const PLACE = { meeting: "k7d2m5qw3xza4bcn6vhj", seat: "snoor5v8k2qa", kind: "question", id: "b0123456789" };

describe("vectors shared with Python", () => {
  test.each(vectors.opens)("$kind $id opens, and seals to the same", async (vector) => {
    const key = await importKey(vector.key);
    const plain = vector.plain as Plain;
    expect(await open(key, vector, vector.sealed)).toEqual(plain);
    expect(await seal(key, vector, plain, decode(vector.nonce))).toBe(vector.sealed);
  });

  test.each(vectors.fails)("$why fails to open", async (vector) => {
    const key = await importKey(vector.key);
    await expect(open(key, vector, vector.sealed)).rejects.toThrow(SealError);
  });
});

describe("seal", () => {
  test("opens in its own place and in no other", async () => {
    const key = await importKey(newKey());
    const sealed = await seal(key, PLACE, { text: "Wat hield je tegen?" });
    expect(await open(key, PLACE, sealed)).toEqual({ text: "Wat hield je tegen?" });
    for (const part of ["meeting", "seat", "kind", "id"]) {
      await expect(open(key, { ...PLACE, [part]: "another0" }, sealed)).rejects.toThrow(SealError);
    }
    await expect(open(await importKey(newKey()), PLACE, sealed)).rejects.toThrow(SealError);
  });

  test("fails to open after a change of any byte", async () => {
    const key = await importKey(newKey());
    const bytes = decode(await seal(key, PLACE, { text: "x" }));
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      await expect(open(key, PLACE, encode(changed))).rejects.toThrow(SealError);
    }
  });

  test("fails to open when cut short anywhere", async () => {
    const key = await importKey(newKey());
    const sealed = await seal(key, PLACE, { text: "x" });
    for (const length of [0, 1, 12, 17, 38, sealed.length - 2]) {
      await expect(open(key, PLACE, sealed.slice(0, length))).rejects.toThrow(SealError);
    }
  });

  test("never gives the same twice, and hides short lengths", async () => {
    const key = await importKey(newKey());
    const [one, two] = [await seal(key, PLACE, { text: "ja" }), await seal(key, PLACE, { text: "nee, nog niet" })];
    expect(one).not.toBe(await seal(key, PLACE, { text: "ja" }));
    expect(one.length).toBe(two.length);
  });
});

describe("keys and ids", () => {
  test("keyOf reads the fragment of a link", () => {
    const key = newKey();
    expect(keyOf(`#k=${key}`)).toBe(key);
    expect(keyOf(`#x=1&k=${key}`)).toBe(key);
    for (const wrong of ["", "#", "#k=", `#k=${key}A`, `#k=${key.slice(1)}`, `#k=${key.slice(1)}!`]) {
      expect(keyOf(wrong)).toBeNull();
    }
  });

  test("importKey refuses another length", async () => {
    await expect(importKey(encode(new Uint8Array(16)))).rejects.toThrow(SealError);
  });

  test("newId has the shape that the room asks for, and doesn't repeat", () => {
    const ids = Array.from({ length: 500 }, () => newId("s"));
    expect(new Set(ids).size).toBe(500);
    for (const id of ids) expect(id).toMatch(/^s[a-z0-9]{15}$/);
  });
});
