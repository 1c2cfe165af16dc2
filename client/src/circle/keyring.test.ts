import { beforeEach, describe, expect, test } from "vitest";
import { codeOf } from "../../tests/circle-cast.ts";
import { LyingServer, MemoryStore } from "../../tests/lying-server.ts";
import { fresh, fromBase64, newCode, toBase64 } from "../crypto/keyring.ts";
import type { Circles } from "../transport/circles.ts";
import { Keyring, NewKeyring } from "./keyring.ts";

const SLOW = { timeout: 60_000 };
const PHRASE = "zes woorden die echt niemand raadt";
let server: LyingServer;
let api: Circles;
let code: string;
let keyring: Keyring;

async function made(from: Circles): Promise<[string, Keyring]> {
  const making = await NewKeyring.begin(from);
  const opened = await making.confirm(making.code.toLowerCase());
  if (opened === null) throw new Error("that was the code");
  return [making.code, opened];
}

beforeEach(async () => {
  server = new LyingServer();
  api = server.as("account");
  [code, keyring] = await made(api);
});

const same = (one: Keyring, other: Keyring): void =>
  expect(one.masters.map(toBase64)).toEqual(other.masters.map(toBase64));

describe("a keyring", () => {
  test("is not kept before its code was typed back", async () => {
    const other = server.as("other");
    const making = await NewKeyring.begin(other);
    expect(await making.confirm(code)).toBeNull();
    expect(await making.confirm("nothing")).toBeNull();
    expect((await other.keyring()).generation).toBe(0);
  });

  test("opens with the code, however it was typed", async () => {
    same(await Keyring.unlock(api, "recovery", ` ${code.replaceAll("-", " ").toLowerCase()}`), keyring);
    expect(await codeOf(Keyring.unlock(api, "recovery", code.slice(1)))).toBe("no-code");
    expect(await codeOf(Keyring.unlock(api, "recovery", newCode()))).toBe("wrong");
    expect(await codeOf(Keyring.unlock(api, "passphrase", PHRASE))).toBe("no-lock");
  });

  test("opens with a passphrase, and after a change with the new one alone", SLOW, async () => {
    await keyring.addPassphrase(PHRASE);
    same(await Keyring.unlock(api, "passphrase", "Zes woorden  die echt niemand raadt "), keyring);
    await keyring.addPassphrase("zes andere woorden die niemand raadt");
    expect(await codeOf(Keyring.unlock(api, "passphrase", PHRASE))).toBe("wrong");
    expect(keyring.locks.map(({ kind }) => kind)).toEqual(["recovery", "passphrase"]);
  });

  test("is never tried at a lower cost than is said", async () => {
    const row = await api.keyring();
    const head = { account: "account", gen: 1, kind: "passphrase", salt: toBase64(fresh()), memory: 1024, passes: 1 };
    const lock = { lock: "l", kind: "passphrase", head: btoa(JSON.stringify(head)), sealed: toBase64(fresh()) };
    server.lies = { keyring: () => ({ ...row, locks: [...row.locks, { ...lock, created_at: "" }] }) };
    expect(await codeOf(Keyring.unlock(api, "passphrase", PHRASE))).toBe("cheap");
  });

  test("opens with any of several passkeys, and takes none that isn't steady", async () => {
    const [one, other] = [fresh(), fresh()];
    await keyring.addPasskey(async () => one);
    await keyring.addPasskey(async () => other);
    same(await Keyring.unlock(api, "passkey", other), keyring);
    expect(await codeOf(keyring.addPasskey(async () => fresh()))).toBe("prf-differs");
    expect(await codeOf(keyring.addPasskey(async () => null))).toBe("no-prf");
    expect(keyring.locks).toHaveLength(3);
  });

  test("opens by itself on a device that keeps it, until it is forgotten there", async () => {
    const store = new MemoryStore();
    expect(await Keyring.unlockByDevice(api, "account", store)).toBeNull();
    await keyring.addDevice(store);
    const [master = fresh()] = keyring.masters;
    expect(store.text).not.toContain(toBase64(master));
    same((await Keyring.unlockByDevice(api, "account", store)) as Keyring, keyring);
    keyring.forget(store);
    expect(await Keyring.unlockByDevice(api, "account", store)).toBeNull();
  });

  test("keeps a lock that a person can carry", async () => {
    await keyring.addPasskey(async () => new Uint8Array(32));
    const [recovery] = keyring.locks;
    expect(await codeOf(keyring.remove(recovery?.lock ?? ""))).toBe("last-lock");
    await keyring.remove(keyring.locks[1]?.lock ?? "");
    expect(keyring.locks).toHaveLength(1);
  });

  test("takes another code only once that was typed back", async () => {
    const renewal = keyring.renewCode();
    expect(await renewal.confirm(code)).toBe(false);
    same(await Keyring.unlock(api, "recovery", code), keyring);
    expect(await renewal.confirm(renewal.code)).toBe(true);
    expect(await codeOf(Keyring.unlock(api, "recovery", code))).toBe("wrong");
    same(await Keyring.unlock(api, "recovery", renewal.code), keyring);
  });

  test("says so where the server did not keep a lock as it was", async () => {
    const before = await api.keyring();
    server.lies = { keyring: () => before };
    expect(await codeOf(keyring.addPasskey(async () => new Uint8Array(32)))).toBe("not-kept");
  });

  test("of a new master key opens by its new locks alone, and knows the one before", async () => {
    const [before] = keyring.masters;
    const secret = newCode();
    await keyring.renewMaster([["recovery", secret]]);
    expect(keyring.generation).toBe(2);
    expect(await codeOf(Keyring.unlock(api, "recovery", code))).toBe("wrong");
    const again = await Keyring.unlock(api, "recovery", secret);
    same(again, keyring);
    expect(toBase64(again.masters[1] ?? fresh())).toBe(toBase64(before ?? fresh()));
  });

  test("all of whose locks are lost is begun anew", async () => {
    const [again, opened] = await made(api);
    expect(opened.generation).toBe(2);
    expect(opened.masters).toHaveLength(1);
    expect(await codeOf(Keyring.unlock(api, "recovery", code))).toBe("wrong");
    same(await Keyring.unlock(api, "recovery", again), opened);
  });

  test("of an older generation, shown again, does not open", async () => {
    const before = await api.keyring();
    await keyring.renewMaster([["recovery", newCode()]]);
    server.lies = { keyring: (row) => ({ ...row, locks: before.locks }) };
    expect(await codeOf(Keyring.unlock(api, "recovery", code))).toBe("other");
    expect(fromBase64(before.locks[0]?.sealed ?? "")).toHaveLength(60);
  });
});
