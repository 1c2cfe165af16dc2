// A server that lies, each of its lies as docs/keyring.md lists them, and how members find out: nothing is sealed from then on.
import { beforeEach, describe, expect, test } from "vitest";
import { ABOUT, AGREED, codeOf, Person } from "../../tests/circle-cast.ts";
import { LyingServer } from "../../tests/lying-server.ts";
import {
  boxesFor,
  boxesHash,
  boxFor,
  fresh,
  fromBase64,
  headOf,
  MemberKeys,
  next,
  readEntry,
  toBase64,
  toSign,
  writeEntry,
} from "../crypto/keyring.ts";
import type { ItemRow, LogRow } from "../transport/circles.ts";
import { Membership } from "./circle.ts";
import { fragmentOf } from "./link.ts";
import { Newcomer } from "./newcomer.ts";
import { stepOf } from "./session.ts";

let server: LyingServer;
let [anna, bea, cees]: [Person, Person, Person] = [] as never;
let annas: Membership;
let beas: Membership;

beforeEach(async () => {
  server = new LyingServer();
  [anna, bea, cees] = [new Person(server, "anna"), new Person(server, "bea"), new Person(server, "cees")];
  annas = await anna.found("Anna");
  beas = await bea.join(annas);
});

/** Reading on gives this code, and from then on nothing is sealed or signed. */
async function stops(mine: Membership, code: string): Promise<void> {
  expect(await codeOf(mine.refresh())).toBe(code);
  expect(mine.warning).toBe(code);
  const after = code === "forked" ? "forked" : "stopped";
  expect(await codeOf(mine.keep("intention", "i", { text: "x" }))).toBe(after);
  expect(await codeOf(mine.claimCare())).toBe(after);
  expect(await codeOf(mine.refresh())).toBe(after);
}

/** An entry with another content, signed by keys that the server made up. */
async function forged(row: LogRow, change: (what: Record<string, unknown>) => object): Promise<LogRow> {
  const keys = await MemberKeys.of(fresh(), "anna", 1);
  const entry = readEntry(fromBase64(row.entry));
  const body = writeEntry({ ...entry, what: change({ ...entry.what }) as never });
  return { ...row, entry: toBase64(body), signature: toBase64(await keys.sign(toSign(body))) };
}

describe("the log", () => {
  test("with another's keys put in for a newcomer: the seed didn't sign them", async () => {
    await cees.ask(annas);
    const swapped = (await MemberKeys.of(fresh(), "cees", 1)).keys;
    const rows = server.circles.get(annas.id)?.rows ?? [];
    const last = await forged(rows[rows.length - 1] as LogRow, (what) => ({ ...what, keys: swapped }));
    server.lies = { log: (all) => [...all.slice(0, -1), last] };
    await stops(beas, "signature");
  });

  test("with an entry changed: its author didn't sign that", async () => {
    await annas.invite();
    const rows = server.circles.get(annas.id)?.rows ?? [];
    const last = await forged(rows[rows.length - 1] as LogRow, (what) => ({ ...what, until: server.now + 1000 }));
    server.lies = { log: (all) => [...all.slice(0, -1), last] };
    await stops(beas, "signature");
  });

  test("with an entry left out", async () => {
    await annas.invite();
    await annas.invite();
    server.lies = { log: (rows) => rows.filter((_, n) => n !== rows.length - 2) };
    await stops(beas, "out-of-order");
  });

  test("with two entries in another order", async () => {
    await annas.invite();
    await annas.invite();
    server.lies = { log: (rows) => [...rows.slice(0, -2), ...rows.slice(-2).reverse()] };
    await stops(beas, "out-of-order");
  });

  test("cut short of what this page has read", async () => {
    server.lies = { log: (rows) => rows.slice(0, -1) };
    await stops(beas, "entry-missing");
  });

  test("cut short of what this device has read, after the page was closed", async () => {
    server.lies = { log: (rows) => rows.slice(0, -1) };
    expect(await codeOf(bea.open())).toBe("entry-missing");
  });

  test("cut short of what the link's inviter had read: a removed member's old circle", async () => {
    const link = fragmentOf(await annas.invite());
    server.lies = { log: (rows) => rows.slice(0, -1) };
    expect(await codeOf(Newcomer.come(cees.setting, link))).toBe("entry-missing");
  });

  test("that names a head which it doesn't show", async () => {
    const api = anna.setting.api;
    const setting = {
      ...anna.setting,
      api: {
        ...api,
        log: async (id: string, n: number) => ({ ...(await api.log(id, n)), head: { n: 99, hash: "0" } }),
      },
    };
    const { id, mine } = annas;
    const again = Membership.open(setting, { circle: id, member: mine });
    expect(await codeOf(again)).toBe("entry-missing");
  });
});

describe("two histories", () => {
  /** Each is shown an entry of their own at the same place. */
  async function split(): Promise<void> {
    const rows = server.circles.get(annas.id)?.rows as LogRow[];
    const circle = server.circles.get(annas.id)?.circle as never;
    await annas.invite();
    const [theirs] = rows.splice(-1) as [LogRow];
    const before = rows.length;
    (server.circles.get(annas.id) as { circle: unknown }).circle = circle;
    await beas.invite();
    server.lies = { log: (all, account) => (account === "anna" ? [...all.slice(0, before), theirs] : all) };
  }

  test("stay hidden while each sees their own, and show when they meet", async () => {
    await split();
    await annas.refresh();
    await beas.refresh();
    expect(await codeOf(annas.hear(await beas.say()))).toBe("forked");
    expect(await codeOf(annas.keep("intention", "i", { text: "x" }))).toBe("forked");
  });

  test("are remembered by the device", async () => {
    await split();
    await codeOf(annas.hear(await beas.say()));
    server.lies = {};
    expect(await codeOf(anna.open())).toBe("forked");
  });

  test("show at once where the server changes from one to the other", async () => {
    await split();
    server.lies = {};
    await stops(annas, "forked");
    expect(await codeOf(anna.open())).toBe("forked");
  });

  test("show after the page was closed", async () => {
    await split();
    server.lies = {};
    expect(await codeOf(anna.open())).toBe("forked");
  });

  test("end with a circle that names the one that was chosen", async () => {
    const head = annas.circle.hashes[annas.circle.hashes.length - 1] ?? "";
    const chosen = await bea.found("Bea", head);
    expect(chosen.id).not.toBe(annas.id);
    await chosen.keep("intention", "i", { text: "verder" });
  });

  test("what somebody is said to have read, but didn't sign, says nothing", async () => {
    const said = await beas.say();
    expect(await codeOf(annas.hear({ ...said, head: "0".repeat(64) }))).toBe("head-broken");
    expect(annas.warning).toBeNull();
    await beas.invite();
    await annas.hear(await beas.say());
    await beas.hear(said);
  });
});

describe("boxes", () => {
  const withBoxes = (change: (boxes: LogRow["boxes"]) => LogRow["boxes"]) => (rows: readonly LogRow[]) =>
    rows.map((row, n) => (n === rows.length - 1 ? { ...row, boxes: change(row.boxes) } : row));

  beforeEach(() => annas.leave());

  test("kept back", async () => {
    await beas.refresh();
    await beas.settle();
    server.lies = { log: withBoxes((boxes) => boxes.slice(1)) };
    expect(await codeOf(bea.open())).toBe("boxes");
  });

  test("of another entry, once more", async () => {
    await beas.refresh();
    await beas.settle();
    const rows = server.circles.get(annas.id)?.rows ?? [];
    const old = rows.find(({ boxes }) => boxes.length === 2)?.boxes ?? [];
    server.lies = { log: withBoxes(() => old) };
    expect(await codeOf(bea.open())).toBe("boxes");
  });
});

test("a member who boxes another key for one than for the others is found out by that one", async () => {
  const made = await boxesFor(annas.circle, { key: fresh(), members: annas.circle.members });
  const member = annas.circle.members.find(({ id }) => id === beas.mine);
  if (!member) throw new Error("Bea is in it");
  const odd = await boxFor(member, annas.circle, 3, fresh());
  const sent = made.sent.map((one) => (one.member === beas.mine ? odd : one));
  const boxes = { ...made.boxes, hash: await boxesHash(sent) };
  const keys = await MemberKeys.of(anna.masters[0] ?? fresh(), annas.mine, 1);
  const one = await next(annas.circle, { id: annas.mine, gen: 1, keys }, { kind: "rekey", boxes }, server.now, sent);
  await anna.setting.api.append(annas.id, stepOf(one));
  await stops(beas, "box-broken");
  expect(headOf(beas.circle)).not.toBe(headOf(one.circle));
});

describe("consents", () => {
  test("counted once before, or for something else, are not carried again", async () => {
    const ceess = await cees.join(annas);
    await beas.refresh();
    await beas.consentToRemove(ceess.mine);
    const rows = [...(server.circles.get(annas.id)?.consents ?? [])];
    server.lies = { consents: () => [...rows, ...rows] };
    await annas.remove(ceess.mine);
    const dora = new Person(server, "dora");
    const doras = await dora.join(annas);
    expect(await codeOf(annas.remove(doras.mine))).toBe("consents-missing");
    expect(annas.warning).toBeNull();
  });

  test("carried once more in an entry, by a member who conspires with the server, end the reading", async () => {
    const hash = await annas.propose({ ...ABOUT, rules: "We beginnen op tijd." });
    await beas.refresh();
    await beas.consentToRules(hash, AGREED);
    const [used] = server.circles.get(annas.id)?.consents ?? [];
    await annas.changeRules(hash, AGREED);
    const { body = "", signature = "" } = used ?? {};
    const keys = await MemberKeys.of(anna.masters[0] ?? fresh(), annas.mine, 1);
    const what = { kind: "rules", rules: hash, agreed: AGREED, consents: [{ body, signature }] } as const;
    const { id, hashes, at } = annas.circle;
    const place = {
      v: 1,
      circle: id,
      n: hashes.length,
      prev: headOf(annas.circle),
      at,
      by: annas.mine,
      gen: 1,
    } as const;
    const entry = writeEntry({ ...place, what });
    const row = { entry: toBase64(entry), signature: toBase64(await keys.sign(toSign(entry))), boxes: [] };
    await beas.refresh();
    server.lies = { log: (rows) => [...rows, row] };
    await stops(beas, "consent-other");
  });
});

describe("what is kept", () => {
  const only = (change: (row: ItemRow) => ItemRow) => ({ items: (rows: readonly ItemRow[]) => rows.map(change) });

  test("with the rules of before in the place of those that were agreed", async () => {
    const [before] = await anna.setting.api.items(annas.id, "about");
    const hash = await annas.propose({ ...ABOUT, rules: "We beginnen op tijd." });
    await beas.refresh();
    await beas.consentToRules(hash, AGREED);
    await annas.changeRules(hash, AGREED);
    server.lies = only((row) => (row.kind === "about" ? (before ?? row) : row));
    expect(await codeOf(annas.about())).toBe("rules-other");
    expect(await codeOf(annas.invite())).toBe("rules-other");
  });

  test("changed, or put in another's place", async () => {
    await annas.keep("intention", "i", { text: "een" });
    await annas.keep("intention", "j", { text: "twee" });
    const [first] = await anna.setting.api.items(annas.id, "intention");
    for (const lie of [
      only((row) => ({ ...row, by: beas.mine })),
      only((row) => ({ ...row, body: `${row.body.slice(0, -4)}AAA=` })),
      only((row) => ({ ...row, body: first?.body ?? "", wrap: first?.wrap ?? "" })),
    ]) {
      server.lies = lie;
      expect(await codeOf(annas.kept("intention"))).toBe("item-broken");
    }
  });

  test("a name that somebody else sealed for a member is not theirs", async () => {
    await beas.setName("Bea");
    await annas.keep("member", beas.mine, { name: "Iemand anders" });
    expect([...(await annas.names()).values()]).toEqual(["Anna"]);
  });
});

test("a server that calls me somebody else in the circle shows nothing as mine", async () => {
  const mine = await Membership.open(bea.setting, { circle: annas.id, member: annas.mine });
  expect((await mine.now()).standing).toBe("keys-changed");
  expect(await codeOf(mine.keep("intention", "i", { text: "x" }))).toBe("no-key");
  expect(await codeOf(mine.leave())).toBe("keys-changed");
});
