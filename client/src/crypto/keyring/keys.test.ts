import { describe, expect, test } from "vitest";
import vectors from "../../../../tests/fixtures/keyring_keys.json";
import type { Bytes } from "../bytes.ts";
import { decode, SealError } from "../encoding.ts";
import * as keyring from "../keyring.ts";
import { fromBase64, toBase64 } from "../keyring.ts";

const NOW = vectors.now;
type BoxRow = readonly [epoch: number, member: string, gen: number, sealed: string];
const LOG = vectors.log.map(({ body, signature }) => ({ body: fromBase64(body), signature: fromBase64(signature) }));
const boxesOf = (rows: unknown): keyring.Box[] =>
  (rows as readonly BoxRow[]).map(([epoch, member, gen, text]) => ({ epoch, member, gen, sealed: fromBase64(text) }));

/** A pair of a private X25519 key, which a vector gives. */
async function pairOf(secret: Bytes): Promise<CryptoKeyPair> {
  const head = fromBase64("MC4CAQAwBQYDK2VuBCIEIA==");
  const privateKey = await crypto.subtle.importKey("pkcs8", Uint8Array.of(...head, ...secret), "X25519", true, [
    "deriveBits",
  ]);
  const { x = "" } = await crypto.subtle.exportKey("jwk", privateKey);
  return { privateKey, publicKey: await crypto.subtle.importKey("raw", decode(x), "X25519", true, []) };
}

const secretOf = (row: { readonly phrase?: string; readonly secret?: string }): Bytes | string =>
  row.phrase ?? fromBase64(row.secret ?? "");

describe("keys, shared with Python", () => {
  test.each(vectors.member_keys)("of member $member, generation $gen", async (row) => {
    const mine = await keyring.MemberKeys.of(fromBase64(row.master), row.member, row.gen);
    expect(mine.keys).toEqual({ sign: row.sign, box: row.box });
    expect(await keyring.verify(row.sign, fromBase64(row.signature), fromBase64(row.bytes))).toBe(true);
    expect(await keyring.verify(row.sign, await mine.sign(fromBase64(row.bytes)), fromBase64(row.bytes))).toBe(true);
  });

  test("of the seed in a link", async () => {
    const { seed: text, shown, key } = vectors.seed;
    const seed = await keyring.Seed.of(fromBase64(text));
    expect(seed.shown).toBe(shown);
    expect(toBase64(await seed.key())).toBe(key);
    const what = Uint8Array.of(1);
    expect(await keyring.verify(shown, await seed.sign(what), what)).toBe(true);
  });

  test("of an account", async () => {
    const { master, shown, ...whose } = vectors.owner;
    expect((await keyring.ownerOf(fromBase64(master), whose)).shown).toBe(shown);
  });

  test("the master keys of before", async () => {
    const { former, sealed, master: text, nonce, ...whose } = vectors.former;
    const master = fromBase64(text);
    expect(toBase64(await keyring.sealFormer(former.map(fromBase64), master, whose, fromBase64(nonce)))).toBe(sealed);
    expect((await keyring.openFormer(fromBase64(sealed), master, whose)).map(toBase64)).toEqual(former);
    const wrong = keyring.openFormer(fromBase64(sealed), master, { ...whose, gen: 2 });
    await expect(wrong).rejects.toThrow(SealError);
  });

  test("the hash of house rules", async () => {
    const { salt, text, hash } = vectors.rules;
    expect(await keyring.rulesHash(fromBase64(salt), text)).toBe(hash);
  });
});

describe("locks, shared with Python", () => {
  test.each(vectors.locks)("a $kind opens", { timeout: 60_000 }, async (row) => {
    const one = { head: fromBase64(row.head), sealed: fromBase64(row.sealed) };
    expect(toBase64(await keyring.unlock(one, secretOf(row), row))).toBe(row.master);
    if (row.salt === undefined) return;
    const fixed = { salt: fromBase64(row.salt), nonce: fromBase64(row.nonce ?? "") };
    const kind = row.kind as keyring.LockKind;
    const made = await keyring.lock(fromBase64(row.master), secretOf(row), kind, row, fixed);
    expect([toBase64(made.head), toBase64(made.sealed)]).toEqual([row.head, row.sealed]);
  });

  test.each(vectors.locks_shut)("$code: $why", { timeout: 60_000 }, async (row) => {
    const one = { head: fromBase64(row.head), sealed: fromBase64(row.sealed) };
    const error = await keyring.unlock(one, secretOf(row), row).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(keyring.LockBroken);
    expect((error as keyring.LockBroken).code).toBe(row.code);
  });
});

describe("recovery codes, shared with Python", () => {
  test.each(vectors.codes)("$spelled", ({ code, spelled, typed }) => {
    expect(keyring.spelled(fromBase64(code))).toBe(spelled);
    for (const text of [spelled, ...typed]) expect(toBase64(keyring.readCode(text) ?? new Uint8Array())).toBe(code);
  });

  test.each(vectors.slips)("a slip: %s", (text) => {
    expect(keyring.readCode(text)).toBeNull();
  });
});

describe("boxes, shared with Python", () => {
  test.each(vectors.boxes)("of epoch $epoch for $member, with entry $n", async (row) => {
    const mine = await keyring.MemberKeys.of(fromBase64(row.master), row.member, row.gen);
    const circle = await keyring.read(LOG, NOW);
    const box = { ...row, sealed: fromBase64(row.sealed) };
    expect(toBase64(await keyring.openBox(box, mine, circle, row.prev))).toBe(row.key);
    const before = row.n === 0 ? null : await keyring.read(LOG.slice(0, row.n), NOW);
    const ephemeral = await pairOf(fromBase64(row.ephemeral));
    const to = { id: row.member, gen: row.gen, keys: mine.keys };
    const made = await keyring.boxFor(to, before, row.epoch, fromBase64(row.key), ephemeral);
    expect(toBase64(made.sealed)).toBe(row.sealed);
  });

  test("are exactly those that each entry signs", async () => {
    for (const [n, row] of vectors.log.entries()) {
      if (row.boxes.length === 0) continue;
      const circle = await keyring.read(LOG.slice(0, n + 1), NOW);
      await keyring.checkBoxes(circle, keyring.readEntry(fromBase64(row.body)), boxesOf(row.boxes));
    }
  });

  test.each(vectors.boxes_shut)("$code: $why", async (row) => {
    const mine = await keyring.MemberKeys.of(fromBase64(row.master), row.member, 1);
    const circle = await keyring.read(LOG, NOW);
    const box = { ...row, sealed: fromBase64(row.sealed) };
    const error = await keyring.openBox(box, mine, circle, row.prev).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(keyring.BoxError);
    expect((error as keyring.BoxError).code).toBe(row.code);
  });
});

describe("wraps, shared with Python", () => {
  test.each(vectors.wraps)("of $kind", async (row) => {
    const [key, epochKey] = [fromBase64(row.key), fromBase64(row.epoch_key)];
    expect(toBase64(await keyring.wrap(key, epochKey, row, fromBase64(row.nonce)))).toBe(row.wrap);
    expect(toBase64(await keyring.unwrap(fromBase64(row.wrap), epochKey, row))).toBe(row.key);
  });

  test.each(vectors.wraps_shut)("$why", async (row) => {
    const opening = keyring.unwrap(fromBase64(row.wrap), fromBase64(row.epoch_key), row);
    await expect(opening).rejects.toThrow(SealError);
  });
});
