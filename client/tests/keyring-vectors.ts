// What a browser writes, for Python to read: `node tests/keyring-vectors.ts > ../tests/fixtures/keyring_browser.json`.
// Unlike the other vectors this has its nonces and ephemeral keys by chance, so it is not the same each time; it is made anew only
// when a format changes.
import * as keyring from "../src/crypto/keyring.ts";
import { toBase64 } from "../src/crypto/keyring.ts";

const START = 1_700_000_000_000;
const ACCOUNT = "acc0unt";
const PHRASE = "zes woorden die echt niemand ráádt";
type Row = { readonly body: string; readonly signature: string; readonly boxes: readonly unknown[] };
type What = keyring.What;

class Log {
  circle: keyring.Circle | null = null;
  readonly rows: Row[] = [];

  get now(): keyring.Circle {
    if (this.circle === null) throw new Error("not yet founded");
    return this.circle;
  }

  async add(by: keyring.Author, what: What, sent: readonly keyring.Box[] = []): Promise<string> {
    const at = START + this.rows.length * keyring.DAY;
    const { signed, circle } = await keyring.next(this.circle, by, what, at, sent);
    this.circle = circle;
    const boxes = sent.map(({ epoch, member, gen, sealed }) => [epoch, member, gen, toBase64(sealed)]);
    this.rows.push({ body: toBase64(signed.body), signature: toBase64(signed.signature), boxes });
    return keyring.headOf(circle);
  }

  async asked(by: keyring.Author, newcomer: keyring.Author): Promise<string> {
    const seed = await keyring.Seed.of();
    const until = START + (this.rows.length + 9) * keyring.DAY;
    const invite = await this.add(by, { kind: "invite", seed: seed.shown, until });
    return this.add(newcomer, await keyring.joining(invite, newcomer.keys.keys, this.now.rules, seed));
  }
}

const author = async (master: Uint8Array<ArrayBuffer>, id: string, gen = 1): Promise<keyring.Author> => ({
  id,
  gen,
  keys: await keyring.MemberKeys.of(master, id, gen),
});
const shown = ({ id, gen, keys }: keyring.Author): keyring.To => ({ id, gen, keys: keys.keys });

async function told() {
  const masters = { anna: keyring.fresh(), bea: keyring.fresh() };
  const keys = new Map([1, 2, 3, 4].map((n) => [n, keyring.fresh()] as const));
  const keyOf = (n: number) => keys.get(n) ?? keyring.fresh();
  const [anna, bea] = [await author(masters.anna, "anna"), await author(masters.bea, "bea")];
  const log = new Log();
  const rules = await keyring.rulesHash(keyring.fresh(), "Wat hier gezegd wordt, blijft hier.");
  const first = await keyring.boxesFor(null, { key: keyOf(1), members: [shown(anna)] });
  const agreed = { admit: "one", remove: "all" } as const;
  await log.add(
    anna,
    { kind: "found", keys: anna.keys.keys, rules, agreed, boxes: first.boxes, after: "" },
    first.sent,
  );
  const join = await log.asked(anna, bea);
  const late = { member: shown(bea), keys: new Map([[1, keyOf(1)]]) };
  const also = await keyring.boxesFor(log.now, null, late);
  await log.add(anna, { kind: "admit", join, consents: [], boxes: also.boxes }, also.sent);
  const again = await author(masters.bea, "bea", 2);
  const proof = await keyring.proving(log.now.id, "bea", 2, again.keys);
  await log.add(bea, { kind: "newkeys", keys: again.keys.keys, proof });
  const opens = await keyring.boxesFor(log.now, { key: keyOf(2), members: log.now.members });
  await log.add(again, { kind: "rekey", boxes: opens.boxes }, opens.sent);
  const consent = await keyring.consentTo(log.now, again, { kind: "close", subject: "" }, log.now.at);
  await log.add(anna, { kind: "close", consents: [consent] });
  const known = [...keys].slice(0, 2).map(([n, key]) => [n, toBase64(key)]);
  const people = { anna: toBase64(masters.anna), bea: toBase64(masters.bea) };
  return { log: log.rows, keys: known, masters: people };
}

async function locks() {
  const master = keyring.fresh();
  const rows = [];
  for (const kind of ["passphrase", "recovery", "passkey", "device"] as const) {
    const secret = kind === "recovery" ? keyring.newCode() : keyring.fresh();
    const made = await keyring.lock(master, kind === "passphrase" ? PHRASE : secret, kind, {
      account: ACCOUNT,
      gen: 3,
    });
    const said = kind === "passphrase" ? { phrase: PHRASE } : { secret: toBase64(secret) };
    rows.push({ kind, ...said, head: toBase64(made.head), sealed: toBase64(made.sealed) });
  }
  return { account: ACCOUNT, gen: 3, master: toBase64(master), rows };
}

async function wraps() {
  const [key, epochKey] = [keyring.fresh(), keyring.fresh()];
  const item = { circle: "c1rcle", epoch: 2, kind: "about", id: "circle" };
  const wrapped = await keyring.wrap(key, epochKey, item);
  return { ...item, key: toBase64(key), epoch_key: toBase64(epochKey), wrap: toBase64(wrapped) };
}

const now = START + 40 * keyring.DAY;
process.stdout.write(
  `${JSON.stringify({ now, ...(await told()), locks: await locks(), wrap: await wraps() }, null, 1)}\n`,
);
