// A server of circles for tests, in memory, with the real formats. It keeps what it is given as the real one does, and lies on
// demand: a lie changes what it shows (`lies`), never what it keeps, so that a test shows the same client with and without it.
import { begin, type Circle, DAY, follow, fromBase64, headOf } from "../src/crypto/keyring.ts";
import { HttpError } from "../src/transport/api.ts";
import type {
  Circles,
  ConsentRow,
  ItemPut,
  ItemRow,
  KeyringRow,
  LogPage,
  LogRow,
  Step,
} from "../src/transport/circles.ts";
import type { Store } from "../src/transport/storage.ts";

interface Kept {
  circle: Circle;
  readonly rows: LogRow[];
  /** The member of each account. */
  readonly members: Map<string, string>;
  readonly items: Map<string, ItemRow>;
  consents: ConsentRow[];
}

/** What is shown in the place of what is kept; `account`: to whom. */
export interface Lies {
  log?(rows: readonly LogRow[], account: string): readonly LogRow[];
  items?(rows: readonly ItemRow[], account: string): readonly ItemRow[];
  consents?(rows: readonly ConsentRow[], account: string): readonly ConsentRow[];
  keyring?(row: KeyringRow, account: string): KeyringRow;
  /** Keeps an entry, and gives no answer. */
  silent?: boolean;
}

/** Storage of one device. */
export class MemoryStore implements Store {
  readonly #kept = new Map<string, string>();
  get length(): number {
    return this.#kept.size;
  }
  key = (index: number): string | null => [...this.#kept.keys()][index] ?? null;
  getItem = (key: string): string | null => this.#kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.#kept.set(key, value);
  removeItem = (key: string): void => void this.#kept.delete(key);
  /** All that it holds, as text: to look for what must not be there. */
  get text(): string {
    return JSON.stringify([...this.#kept]);
  }
}

const signedOf = ({ entry, signature }: LogRow) => ({ body: fromBase64(entry), signature: fromBase64(signature) });
const refused = (code: "log-moved" | "item-moved" | "epoch-moved" | "no-circle" | "keyring-moved"): HttpError =>
  new HttpError(code === "no-circle" ? 404 : 409, code);

export class LyingServer {
  lies: Lies = {};
  /** Milliseconds. */
  now = 1_700_000_000_000;
  readonly circles = new Map<string, Kept>();
  readonly keyrings = new Map<string, KeyringRow>();
  #last: Promise<unknown> = Promise.resolve();

  later(days: number): void {
    this.now += days * DAY;
  }

  /** As somebody who is signed in. */
  as(account: string): Circles {
    return {
      keyring: async () => {
        const row = this.#keyring(account);
        return this.lies.keyring?.(row, account) ?? row;
      },
      putLock: async ({ owner: _, generation, ...lock }) => {
        const kept = this.#keyring(account);
        if (generation !== (kept.generation || 1)) throw refused("keyring-moved");
        const others = kept.locks.filter((one) => one.lock !== lock.lock);
        this.keyrings.set(account, { ...kept, generation, locks: [...others, { ...lock, created_at: "" }] });
      },
      deleteLock: async (id) => {
        const kept = this.#keyring(account);
        this.keyrings.set(account, { ...kept, locks: kept.locks.filter(({ lock }) => lock !== id) });
      },
      renewKeyring: async ({ generation, locks, former }) => {
        if (generation !== this.#keyring(account).generation) throw refused("keyring-moved");
        const rows = locks.map((lock) => ({ ...lock, created_at: "" }));
        this.keyrings.set(account, { account, generation: generation + 1, locks: rows, former });
      },
      circles: async () => [...this.circles].flatMap(([circle, kept]) => this.#row(circle, kept, account)),
      found: (step) => this.#found(account, step),
      log: async (circle, from) => this.#log(this.#of(circle), from, account),
      append: (circle, step) => this.#append(account, this.#of(circle), step),
      consents: async (circle) => {
        const rows = this.#of(circle).consents;
        return this.lies.consents?.(rows, account) ?? rows;
      },
      consent: async (circle, consent) => {
        const kept = this.#of(circle);
        kept.consents = [...kept.consents, { ...consent, id: String(kept.consents.length) }];
      },
      withdraw: async (circle, id) => {
        const kept = this.#of(circle);
        kept.consents = kept.consents.filter((one) => one.id !== id);
      },
      items: async (circle, kind) => {
        const rows = [...this.#of(circle).items.values()].filter((row) => row.kind === kind);
        return this.lies.items?.(rows, account) ?? rows;
      },
      putItem: async (circle, item) => this.#put(this.#of(circle), account, item),
      deleteItem: async (circle, kind, id) => void this.#of(circle).items.delete(`${kind} ${id}`),
      visit: async (circle) => void this.#of(circle),
    };
  }

  #keyring(account: string): KeyringRow {
    return this.keyrings.get(account) ?? { account, generation: 0, locks: [], former: "" };
  }

  #of(circle: string): Kept {
    const kept = this.circles.get(circle);
    if (kept === undefined) throw refused("no-circle");
    return kept;
  }

  #row(circle: string, kept: Kept, account: string) {
    const member = kept.members.get(account);
    if (member === undefined) return [];
    const state = kept.circle.members.some(({ id }) => id === member) ? "member" : "asked";
    return [{ circle, member, state, head: { n: kept.rows.length - 1, hash: headOf(kept.circle) } } as const];
  }

  async #found(account: string, step: Step): Promise<void> {
    const circle = await begin(signedOf(step), this.now);
    const [founder] = circle.members;
    const members = new Map([[account, founder?.id ?? ""]]);
    const kept: Kept = { circle, rows: [step], members, items: new Map(), consents: [] };
    this.circles.set(circle.id, kept);
    for (const item of step.items) this.#put(kept, account, item);
  }

  async #log(kept: Kept, from: number, account: string): Promise<LogPage> {
    const rows = this.lies.log?.(kept.rows, account) ?? kept.rows;
    const last = rows[rows.length - 1];
    const hash = last ? await hashOf(last) : "";
    return { entries: rows.slice(from, from + 20), head: { n: rows.length - 1, hash } };
  }

  /** One after the other, as in a transaction. */
  #append(account: string, kept: Kept, step: Step): Promise<void> {
    const done = this.#last.then(() => this.#appendNow(account, kept, step));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #appendNow(account: string, kept: Kept, step: Step): Promise<void> {
    const place = JSON.parse(new TextDecoder().decode(fromBase64(step.entry))) as { n: number; by: string };
    if (place.n !== kept.rows.length) throw refused("log-moved");
    const moved = step.items.some((item) => (kept.items.get(`${item.kind} ${item.id}`)?.version ?? 0) !== item.version);
    if (moved) throw refused("item-moved");
    kept.circle = await follow(kept.circle, signedOf(step), this.now);
    kept.rows.push(step);
    if (!kept.members.has(account)) kept.members.set(account, place.by);
    for (const item of step.items) this.#put(kept, account, item);
    if (this.lies.silent) throw new TypeError("the line was lost");
  }

  #put(kept: Kept, account: string, item: ItemPut): void {
    const name = `${item.kind} ${item.id}`;
    const before = kept.items.get(name);
    if ((before?.version ?? 0) !== item.version) throw refused("item-moved");
    const under = kept.circle.epochs.length;
    if (item.epoch !== 0 && item.epoch !== under) throw refused("epoch-moved");
    const by = item.body === undefined ? before?.by : kept.members.get(account);
    const body = item.body ?? before?.body ?? "";
    kept.items.set(name, { ...item, body, by: by ?? "", version: item.version + 1 });
  }
}

async function hashOf(row: LogRow): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", fromBase64(row.entry)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
