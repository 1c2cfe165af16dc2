import { describe, expect, test, vi } from "vitest";
import vectors from "../../../tests/fixtures/keyring.json";
import { fromBase64, toBase64 } from "./keyring/reading.ts";
import * as keyring from "./keyring.ts";

type BoxRow = readonly [epoch: number, member: string, gen: number, sealed: string];
type Agreed = Parameters<typeof keyring.rulesSubject>[1];
const NOW = vectors.now;
const LOG = vectors.log.map(signed);

function signed({ body, signature }: { readonly body: string; readonly signature: string }): keyring.Signed {
  return { body: fromBase64(body), signature: fromBase64(signature) };
}

const boxesOf = (rows: unknown): keyring.Box[] =>
  (rows as readonly BoxRow[]).map(([epoch, member, gen, sealed]) => ({
    epoch,
    member,
    gen,
    sealed: fromBase64(sealed),
  }));

/** A circle as it stands in the vectors. */
function shown(circle: keyring.Circle): unknown {
  const { id, at, rules, carer, claim, closed } = circle;
  return {
    id,
    head: keyring.headOf(circle),
    entries: circle.hashes.length,
    at,
    members: circle.members.map(({ keys, trial, ...one }) => ({ ...one, ...keys, until: trial?.until ?? 0 })),
    epochs: circle.epochs.map(({ number, key, recipients }) => [number, key, recipients]),
    rules,
    agreed: [circle.agreed.admit, circle.agreed.remove],
    carer,
    claim,
    invitations: circle.invitations.map(({ entry, seed, until }) => [entry, seed, until]),
    applicants: circle.applicants.map((one) => [one.entry, one.id, one.keys.sign, one.rules]),
    used: [...circle.used].sort(),
    gone: [...circle.gone].sort(),
    settled: keyring.isSettled(circle),
    closed,
  };
}

async function codeOf(act: () => Promise<unknown>): Promise<string> {
  const error = await act().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(keyring.Broken);
  return (error as keyring.Broken).code;
}

describe("vectors of a circle's log, shared with Python", () => {
  test("a good log leads to the same circle after each entry", async () => {
    let circle: keyring.Circle | null = null;
    for (const [n, row] of vectors.log.entries()) {
      circle = circle ? await keyring.follow(circle, signed(row), NOW) : await keyring.begin(signed(row), NOW);
      expect(shown(circle), `after entry ${n}, ${row.kind}`).toEqual(row.then);
      const entry = keyring.readEntry(fromBase64(row.body));
      expect(entry.what.kind).toBe(row.kind);
      if (row.boxes.length) await keyring.checkBoxes(circle, entry, boxesOf(row.boxes).reverse());
    }
  });

  test.each(vectors.broken)("$code: $why", async ({ code, after, entries, now, known }) => {
    const log = [...LOG.slice(0, after), ...entries.map(signed)];
    expect(await codeOf(() => keyring.read(log, now, known))).toBe(code);
  });

  test.each(vectors.odd_boxes)("boxes with entry $n: $why", async ({ code, n, boxes }) => {
    const circle = await keyring.read(LOG.slice(0, n + 1), NOW);
    const entry = keyring.readEntry(LOG[n]?.body ?? new Uint8Array());
    expect(await codeOf(() => keyring.checkBoxes(circle, entry, boxesOf(boxes)))).toBe(code);
  });

  test("each code is among them", () => {
    expect(new Set(vectors.broken.map(({ code }) => code))).toEqual(new Set<string>(keyring.CODES));
  });

  test.each(vectors.compare)("another log is $standing", async ({ mine, head, theirs, standing }) => {
    expect(keyring.compare(await keyring.read(LOG.slice(0, mine), NOW), head, theirs)).toBe(standing);
  });
});

describe("what is hashed and signed beside entries, as Python does it", () => {
  test.each(vectors.boxes_hash)("boxes come to $hash", async ({ boxes, hash }) => {
    expect(await keyring.boxesHash(boxesOf(boxes))).toBe(hash);
    expect(await keyring.boxesHash(boxesOf(boxes).reverse())).toBe(hash);
  });

  test.each(vectors.epoch_hash)("the key of epoch $epoch comes to $hash", async ({ circle, epoch, key, hash }) => {
    expect(await keyring.epochHash(circle, epoch, fromBase64(key))).toBe(hash);
  });

  test.each(vectors.join_proof)("what a seed signs", ({ invite, keys, bytes }) => {
    expect(toBase64(keyring.joinProof(invite, keys))).toBe(bytes);
  });

  test.each(vectors.keys_proof)("what new keys sign", ({ circle, member, gen, keys, bytes }) => {
    expect(toBase64(keyring.keysProof(circle, member, gen, keys))).toBe(bytes);
  });

  test.each(vectors.rules_subject)("a consent to rules names $subject", ({ rules, agreed, subject }) => {
    expect(keyring.rulesSubject(rules, agreed as Agreed)).toBe(subject);
  });
});

test("a browser without Ed25519 says so, and never that a signature is wrong", async () => {
  const missing = new DOMException("no such algorithm", "NotSupportedError");
  const spy = vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(missing);
  await expect(keyring.read(LOG, NOW)).rejects.toBe(missing);
  spy.mockRestore();
});

test("a circle knows the entries of its own log alone", async () => {
  const circle = await keyring.read(LOG, NOW);
  expect(keyring.knows(circle, [circle.id, keyring.headOf(circle)])).toBe(true);
  expect(keyring.knows(circle, ["another"])).toBe(false);
});
