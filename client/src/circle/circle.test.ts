import { beforeEach, describe, expect, test } from "vitest";
import { ABOUT, AGREED, codeOf, Person } from "../../tests/circle-cast.ts";
import { LyingServer } from "../../tests/lying-server.ts";
import { fresh, MemberKeys, proving } from "../crypto/keyring.ts";
import type { Membership } from "./circle.ts";
import { fragmentOf } from "./link.ts";
import { Newcomer } from "./newcomer.ts";

let server: LyingServer;
let [anna, bea, cees]: [Person, Person, Person] = [] as never;
let annas: Membership;

beforeEach(async () => {
  server = new LyingServer();
  [anna, bea, cees] = [new Person(server, "anna"), new Person(server, "bea"), new Person(server, "cees")];
  annas = await anna.found("Anna");
});

/** Three members, all of whom have read all. */
async function three(): Promise<readonly [Membership, Membership]> {
  const beas = await bea.join(annas);
  const ceess = await cees.join(annas);
  await beas.refresh();
  return [beas, ceess];
}

describe("a newcomer", () => {
  test("reads name and rules by the link alone, before they accept", async () => {
    const visit = await Newcomer.come(bea.setting, fragmentOf(await annas.invite(14, "Anna")));
    expect(visit.about).toEqual({ ...ABOUT, by: "Anna" });
    expect(server.circles.get(annas.id)?.circle.applicants).toEqual([]);
  });

  test("from now on reads names and rules, and nothing that was kept before", async () => {
    await annas.keep("intention", "i1", { text: "van vroeger" });
    const beas = await bea.join(annas);
    expect(beas.readable()).toEqual([2]);
    expect(await beas.about()).toEqual({ ...ABOUT, by: "" });
    expect([...(await beas.names()).values()]).toEqual(["Anna"]);
    expect(await beas.kept("intention")).toEqual([]);
    await beas.keep("intention", "i2", { text: "van nu" });
    expect((await annas.kept("intention")).map(({ fields }) => fields.text)).toEqual(["van vroeger", "van nu"]);
  });

  test("also before reads what was kept", async () => {
    await annas.keep("intention", "i1", { text: "van vroeger" });
    const beas = await bea.join(annas, annas.readable());
    expect((await beas.kept("intention")).map(({ fields }) => fields.text)).toEqual(["van vroeger"]);
    await beas.setName("Bea");
    expect([...(await annas.names()).values()].sort()).toEqual(["Anna", "Bea"]);
  });

  test("who asked is not in yet, and can be turned down", async () => {
    const beas = await bea.ask(annas);
    expect((await beas.now()).standing).toBe("asked");
    expect(await codeOf(beas.leave())).toBe("not-a-member");
    await annas.refresh();
    await annas.uninvite(annas.circle.applicants[0]?.entry ?? "");
    await beas.refresh();
    expect((await beas.now()).standing).toBe("gone");
  });

  test("a link that was used or taken back leads nowhere, nor one that was cut", async () => {
    const link = fragmentOf(await annas.invite());
    await annas.uninvite(annas.circle.invitations[0]?.entry ?? "");
    expect(await codeOf(Newcomer.come(bea.setting, link))).toBe("no-invitation");
    expect(await codeOf(Newcomer.come(bea.setting, link.slice(0, -1)))).toBe("link-broken");
  });
});

describe("a circle of three", () => {
  test("removes nobody on the word of one, and then seals for those who stay", async () => {
    const [beas, ceess] = await three();
    await annas.refresh();
    expect(await codeOf(annas.remove(ceess.mine))).toBe("consents-missing");
    await beas.consentToRemove(ceess.mine);
    await annas.remove(ceess.mine);
    await annas.keep("intention", "i", { text: "zonder Cees" });
    await ceess.refresh();
    expect((await ceess.now()).standing).toBe("gone");
    expect(ceess.readable()).not.toContain(annas.circle.epochs.length);
    expect(await ceess.kept("intention")).toEqual([]);
  });

  test("seals nothing after somebody left, until a member opens an epoch", async () => {
    const [beas, ceess] = await three();
    await ceess.leave();
    await annas.refresh();
    expect(await codeOf(annas.keep("intention", "i", { text: "x" }))).toBe("unsettled");
    await beas.refresh();
    expect(await Promise.all([annas.settle(), beas.settle()])).toEqual([true, true]);
    await annas.refresh();
    expect(annas.circle.epochs.length).toBe(4);
    await annas.keep("intention", "i", { text: "x" });
    expect(await beas.kept("intention")).toHaveLength(1);
  });

  test("lets two act at once: the second reads on and decides again", async () => {
    const [beas] = await three();
    await annas.claimCare().catch(() => undefined);
    await beas.invite();
    expect(await codeOf(annas.invite())).toBe("log-moved");
    await annas.invite();
    expect(annas.circle.invitations).toHaveLength(2);
  });

  test("changes its rules with everybody's consent, and shows the words that were agreed", async () => {
    const [beas, ceess] = await three();
    const rules = { ...ABOUT, rules: "We beginnen op tijd." };
    const hash = await annas.propose(rules);
    for (const one of [beas, ceess]) await one.consentToRules(hash, AGREED);
    await annas.changeRules(hash, AGREED);
    await beas.refresh();
    expect((await beas.about()).rules).toBe("We beginnen op tijd.");
    await beas.acceptRules();
    await ceess.refresh();
    await ceess.consentToClose();
    await annas.refresh();
    expect(await codeOf(annas.close())).toBe("consents-missing");
    await beas.consentToClose();
    await annas.close();
    expect(annas.circle.closed).toBe(true);
  });

  test("hands on its care", async () => {
    const [beas, ceess] = await three();
    await annas.handCare(beas.mine);
    await ceess.refresh();
    await ceess.claimCare();
    server.later(14);
    await ceess.claimCare();
    expect(ceess.circle.carer).toBe(ceess.mine);
  });
});

describe("keys", () => {
  test("of a new master key open what the old ones opened, and the rest goes on", async () => {
    const [beas] = await three();
    await beas.keep("intention", "i", { text: "van vroeger" });
    bea.masters = [fresh(), ...bea.masters];
    const again = await bea.open();
    expect((await again.now()).keysDue).toBe(true);
    await again.newKeys();
    expect((await again.now()).keysDue).toBe(false);
    expect(await again.kept("intention")).toHaveLength(1);
    await annas.refresh();
    await annas.keep("intention", "j", { text: "van nu" });
    expect(await again.kept("intention")).toHaveLength(2);
  });

  test("everything lost: a fellow readmits, and all that could be read is read again", async () => {
    const [beas] = await three();
    await beas.keep("intention", "i", { text: "van vroeger" });
    bea.masters = [fresh()];
    const again = await bea.open();
    expect((await again.now()).standing).toBe("keys-changed");
    expect(await again.kept("intention")).toEqual([]);
    const { keys, proof } = await again.returning();
    await annas.readmit(again.mine, keys, proof);
    await again.refresh();
    expect((await again.now()).standing).toBe("member");
    expect(await again.kept("intention")).toHaveLength(1);
    expect(await codeOf(again.leave())).toBe("too-early");
  });

  test("that somebody else put in the place of mine: I object, and mine hold again", async () => {
    const [beas] = await three();
    const thief = await MemberKeys.of(fresh(), beas.mine, 2);
    await annas.readmit(beas.mine, thief.keys, await proving(beas.id, beas.mine, 2, thief));
    await beas.refresh();
    expect(await beas.now()).toMatchObject({ standing: "keys-changed", mayObject: true });
    await beas.object();
    expect(await beas.now()).toMatchObject({ standing: "member", mayObject: false, settled: true });
    expect((await bea.open()).readable()).toEqual(beas.readable());
    expect(await codeOf(beas.about())).toBe("no-key");
    await annas.refresh();
    await annas.mend();
    expect((await beas.about()).name).toBe(ABOUT.name);
  });

  test("that a fellow can't readmit who hasn't all that was read", async () => {
    const [beas, ceess] = await three();
    bea.masters = [fresh()];
    const { keys, proof } = await (await bea.open()).returning();
    expect(await codeOf(ceess.readmit(beas.mine, keys, proof))).toBe("no-key");
  });
});

test("no device keeps a key: neither the master key nor an epoch's", async () => {
  await annas.keep("intention", "i", { text: "van vroeger" });
  await bea.join(annas);
  expect(anna.store.text).toBe(JSON.stringify([[`kring:circle:${annas.id}`, JSON.stringify(pinOf(annas))]]));
});

const pinOf = ({ circle: { hashes } }: Membership) => ({ n: hashes.length - 1, hash: hashes[hashes.length - 1] });

test("a page that looks twice at once reads once, and takes nothing for a lie", async () => {
  const beas = await bea.join(annas);
  await annas.invite();
  await annas.invite();
  await Promise.all([beas.refresh(), beas.refresh(), beas.invite(), beas.refresh()]);
  expect(beas.warning).toBeNull();
  expect(beas.circle.invitations).toHaveLength(3);
});

test("an entry whose answer was lost on the way is found in the log", async () => {
  server.lies = { silent: true };
  await annas.claimCare().catch(() => undefined);
  const link = await annas.invite();
  expect(link.head).toBe(annas.circle.hashes[1]);
  expect(annas.circle.invitations).toHaveLength(1);
});
