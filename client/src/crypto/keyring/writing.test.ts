import { describe, expect, test } from "vitest";
import logs from "../../../../tests/fixtures/keyring.json";
import keys from "../../../../tests/fixtures/keyring_keys.json";
import * as keyring from "../keyring.ts";
import { fromBase64, toBase64 } from "../keyring.ts";

const ENTRIES = [...logs.log, ...keys.log].map(({ body }) => fromBase64(body));
const consentsIn = ({ what }: keyring.Entry): readonly keyring.Consent[] => ("consents" in what ? what.consents : []);

describe("what a browser writes is what Python wrote, to the byte", () => {
  test("each kind of entry", () => {
    const kinds = new Set<string>();
    for (const body of ENTRIES) {
      const entry = keyring.readEntry(body);
      kinds.add(entry.what.kind);
      expect(toBase64(keyring.writeEntry(entry))).toBe(toBase64(body));
    }
    expect(kinds.size).toBe(16);
  });

  test("each kind of consent", () => {
    const given = ENTRIES.flatMap((body) => consentsIn(keyring.readEntry(body)));
    const kinds = given.map(({ body }) => {
      const wording = keyring.readWording(fromBase64(body));
      expect(toBase64(keyring.writeWording(wording))).toBe(body);
      return wording.kind;
    });
    expect(new Set(kinds)).toEqual(new Set(["admit", "remove", "rules", "close"]));
  });

  test("in whatever order it was put together, and with its defaults", () => {
    const [body = new Uint8Array()] = ENTRIES;
    const entry = keyring.readEntry(body);
    const turned = Object.fromEntries(Object.entries(entry).reverse()) as unknown as keyring.Entry;
    expect(toBase64(keyring.writeEntry(turned))).toBe(toBase64(body));
  });
});

describe("what comes next", () => {
  const NOW = 1_700_000_000_000;
  const RULES = "0".repeat(64);
  const agreed = { admit: "one", remove: "majority" } as const;

  async function founded(): Promise<{ readonly anna: keyring.Author; readonly circle: keyring.Circle }> {
    const mine = await keyring.MemberKeys.of(keyring.fresh(), "anna", 1);
    const anna = { id: "anna", gen: 1, keys: mine };
    const opens = { key: keyring.fresh(), members: [{ id: "anna", gen: 1, keys: mine.keys }] };
    const { boxes, sent } = await keyring.boxesFor(null, opens);
    const what = { kind: "found", keys: mine.keys, rules: RULES, agreed, boxes, after: "" } as const;
    return { anna, circle: (await keyring.next(null, anna, what, NOW, sent)).circle };
  }

  test("is signed and folded", async () => {
    const { anna, circle } = await founded();
    const seed = await keyring.Seed.of();
    const what = { kind: "invite", seed: seed.shown, until: NOW + keyring.DAY } as const;
    const { signed, circle: after } = await keyring.next(circle, anna, what, NOW);
    expect(await keyring.follow(circle, signed, NOW)).toEqual(after);
    expect(after.invitations).toHaveLength(1);
  });

  test("is not written where nobody would believe it", async () => {
    const { anna, circle } = await founded();
    const leaving = keyring.next(circle, { ...anna, id: "bea" }, { kind: "leave" }, NOW);
    await expect(leaving).rejects.toThrow("not-a-member");
    const { boxes } = await keyring.boxesFor(circle, { key: keyring.fresh(), members: circle.members });
    await expect(keyring.next(circle, anna, { kind: "rekey", boxes }, NOW, [])).rejects.toThrow("boxes");
  });

  test("is dated as late as what came before, where another's clock is ahead", async () => {
    const { anna, circle } = await founded();
    const { circle: after } = await keyring.next(circle, anna, { kind: "leave" }, NOW - keyring.DAY / 2);
    expect(after.at).toBe(NOW);
  });
});
