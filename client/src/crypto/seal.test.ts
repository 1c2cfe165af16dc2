import { describe, expect, test } from "vitest";
import vectors from "../../../tests/fixtures/sealing.json";
import { decode, encode, SealError } from "./encoding.ts";
import { newId } from "./ids.ts";
import { importKey, type Key, type Keys, LinkKeys, newKey } from "./keys.ts";
import { type Format, formatFor, open, type Place, type Plain, seal } from "./seal.ts";

const PLACE = { meeting: "k7d2m5qw3xza4bcn6vhj", seat: "snoor5v8k2qa", kind: "question", id: "b0123456789" };
const FORMATS: readonly Format[] = [1, 2];

interface Vector extends Place {
  readonly key: string;
  readonly sealed: string;
}

describe.each(FORMATS)("vectors of format %i, shared with Python", (format) => {
  const { opens, fails } = vectors[`format ${format}`];

  test.each(opens as (Vector & { nonce: string; plain: Plain })[])(
    "$kind $id opens, and seals to the same",
    async (vector) => {
      const keys = new LinkKeys(vector.key);
      expect(await open(keys, vector, vector.sealed)).toEqual(vector.plain);
      expect(await seal(keys, vector, vector.plain, format, decode(vector.nonce))).toBe(vector.sealed);
    },
  );

  test.each(fails as (Vector & { why: string })[])("$why fails to open", async (vector) => {
    await expect(open(new LinkKeys(vector.key), vector, vector.sealed)).rejects.toThrow(SealError);
  });
});

describe.each(FORMATS)("seal, format %i", (format) => {
  test("opens in its own place and in no other", async () => {
    const keys = new LinkKeys(newKey());
    const sealed = await seal(keys, PLACE, { text: "Wat hield je tegen?" }, format);
    expect(await open(keys, PLACE, sealed)).toEqual({ text: "Wat hield je tegen?" });
    for (const part of ["meeting", "seat", "kind", "id"]) {
      await expect(open(keys, { ...PLACE, [part]: "another0" }, sealed)).rejects.toThrow(SealError);
    }
    await expect(open(new LinkKeys(newKey()), PLACE, sealed)).rejects.toThrow(SealError);
  });

  test("fails to open after a change of any byte", async () => {
    const keys = new LinkKeys(newKey());
    const bytes = decode(await seal(keys, PLACE, { text: "x" }, format));
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      await expect(open(keys, PLACE, encode(changed))).rejects.toThrow(SealError);
    }
  });

  test("fails to open when cut short anywhere", async () => {
    const keys = new LinkKeys(newKey());
    const sealed = await seal(keys, PLACE, { text: "x" }, format);
    for (const length of [0, 1, 2, 12, 17, 24, 38, 62, sealed.length - 2]) {
      await expect(open(keys, PLACE, sealed.slice(0, length))).rejects.toThrow(SealError);
    }
  });

  test("never gives the same twice, and hides short lengths", async () => {
    const keys = new LinkKeys(newKey());
    const one = await seal(keys, PLACE, { text: "ja" }, format);
    const two = await seal(keys, PLACE, { text: "nee, nog niet" }, format);
    expect(one).not.toBe(await seal(keys, PLACE, { text: "ja" }, format));
    expect(one.length).toBe(two.length);
  });

  test("without a key nothing is sealed or opened", async () => {
    const none = new LinkKeys(null);
    await expect(seal(none, PLACE, { text: "x" }, format)).rejects.toThrow(SealError);
    const sealed = await seal(new LinkKeys(newKey()), PLACE, { text: "x" }, format);
    await expect(open(none, PLACE, sealed)).rejects.toThrow(SealError);
  });
});

test("the format is the newest that everybody reads", () => {
  expect([undefined, 0, 1, 2, 3].map(formatFor)).toEqual([1, 1, 1, 2, 2]);
});

/** Several keys, of which the first is sealed with; as a circle that changed its key has them. */
class Ring implements Keys {
  readonly #keys: Promise<Key[]>;
  readonly #nameless: Promise<Key>;

  constructor(texts: string[], nameless: string) {
    this.#keys = Promise.all(texts.map(importKey));
    this.#nameless = importKey(nameless);
  }

  async current(): Promise<Key> {
    return this.#of((await this.#keys)[0]);
  }

  async find(id: string | null): Promise<Key> {
    return id === null ? this.#nameless : this.#of((await this.#keys).find((key) => key.id === id));
  }

  #of(key: Key | undefined): Key {
    if (!key) throw new SealError("no such key");
    return key;
  }
}

describe("keys", () => {
  test("a key is found by the id that the text names", async () => {
    const [old, fresh] = [newKey(), newKey()];
    const before = new Ring([old], old);
    const texts = [
      await seal(before, PLACE, { text: "before" }, 1),
      await seal(before, PLACE, { text: "before" }, 2),
      await seal(new Ring([fresh, old], old), PLACE, { text: "after" }, 2),
    ];
    const opened = texts.map((text) => open(new Ring([fresh, old], old), PLACE, text));
    expect((await Promise.all(opened)).map((fields) => fields.text)).toEqual(["before", "before", "after"]);
    await expect(open(new Ring([fresh], fresh), PLACE, texts[1] ?? "")).rejects.toThrow(SealError);
  });

  test("a key of another length is refused", async () => {
    await expect(importKey(encode(new Uint8Array(16)))).rejects.toThrow(SealError);
  });
});

test("newId has the shape that the room asks for, and doesn't repeat", () => {
  const ids = Array.from({ length: 500 }, () => newId("s"));
  expect(new Set(ids).size).toBe(500);
  for (const id of ids) expect(id).toMatch(/^s[a-z0-9]{15}$/);
});
