// What a circle's client asks of a server: to keep what it is given, and to give it back. It is believed in nothing.
// `Circles` is the port: screens and `circle/` know only that; `circlesApi` is the server by HTTP, and tests have one that lies.
// Bytes are base64 with padding. Every method rejects with an `HttpError` (`CIRCLE_CODES`), or with what `fetch` rejects with.
import { CIRCLE_CODES } from "../protocol/circle-codes.ts";
import { call, HttpError, type Json, jsonOf, refused } from "./api.ts";

/** A lock as it is kept: see `crypto/keyring/locks.ts`. */
export interface LockRow {
  readonly lock: string;
  readonly kind: string;
  readonly head: string;
  readonly sealed: string;
}

/** `generation`: of the master key, 0 before there is any. `former`: those before it, sealed; empty where there are none. */
export interface KeyringRow {
  readonly account: string;
  readonly generation: number;
  readonly locks: readonly (LockRow & { readonly created_at: string })[];
  readonly former: string;
}

/** `owner`: the public key by which locks are deleted; where a generation begins. */
export interface NewLock extends LockRow {
  readonly generation: number;
  readonly owner: string;
}

/** All locks at once, under a new master key. `signature`: by the owner of before; empty where everything was lost. */
export interface Renewal {
  readonly generation: number;
  readonly locks: readonly LockRow[];
  readonly former: string;
  readonly owner: string;
  readonly signature: string;
}

export interface CircleRow {
  readonly circle: string;
  /** My own id in it. */
  readonly member: string;
  readonly state: "member" | "asked" | "former";
  readonly head: Head;
}

/** The latest entry: its number and hash. */
export interface Head {
  readonly n: number;
  readonly hash: string;
}

export interface BoxRow {
  readonly epoch: number;
  readonly member: string;
  readonly gen: number;
  readonly box: string;
}

/** An entry, with all the boxes that came with it. */
export interface LogRow {
  readonly entry: string;
  readonly signature: string;
  readonly boxes: readonly BoxRow[];
}

export interface LogPage {
  readonly entries: readonly LogRow[];
  readonly head: Head;
}

/** What an item is put as. `version`: of the one that it replaces, 0 for none. */
export interface ItemPut {
  readonly kind: string;
  readonly id: string;
  readonly epoch: number;
  readonly wrap: string;
  readonly version: number;
  /** Left out where only the wrap is another. */
  readonly body?: string;
}

/** An item as it is kept. `by`: the member who sealed it. */
export interface ItemRow extends ItemPut {
  readonly by: string;
  readonly body: string;
}

/** An entry and what goes down with it in one transaction. */
export interface Step extends LogRow {
  readonly items: readonly ItemPut[];
}

export interface ConsentRow {
  readonly id: string;
  readonly body: string;
  readonly signature: string;
}

/** That somebody has the link: its seed signed circle, account and time. */
export interface Visit {
  readonly seed: string;
  readonly at: number;
  readonly signature: string;
}

export interface Circles {
  keyring(): Promise<KeyringRow>;
  putLock(lock: NewLock): Promise<void>;
  deleteLock(lock: string, proof: { readonly at: number; readonly signature: string }): Promise<void>;
  renewKeyring(renewal: Renewal): Promise<void>;
  circles(): Promise<readonly CircleRow[]>;
  found(step: Step): Promise<void>;
  log(circle: string, from: number): Promise<LogPage>;
  /** `log-moved` where the log has another entry at its place; nothing is kept then. */
  append(circle: string, step: Step): Promise<void>;
  consents(circle: string): Promise<readonly ConsentRow[]>;
  consent(circle: string, consent: Omit<ConsentRow, "id">): Promise<void>;
  withdraw(circle: string, consent: string): Promise<void>;
  items(circle: string, kind: string): Promise<readonly ItemRow[]>;
  putItem(circle: string, item: ItemPut): Promise<void>;
  deleteItem(circle: string, kind: string, id: string): Promise<void>;
  visit(circle: string, visit: Visit): Promise<void>;
}

/** Django's word that the request comes from its own page. */
const csrf = (): string => /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";

/** Reads, or, with a method, changes. */
async function ask<T>(path: string, method?: string, body: unknown = {}, fits?: (said: Json) => boolean): Promise<T> {
  if (method === undefined) return call<T>(`/api/${path}`, undefined, fits, CIRCLE_CODES);
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf() };
  const how = { method, headers, credentials: "same-origin", redirect: "manual", body: JSON.stringify(body) } as const;
  const response = await fetch(`/api/${path}`, how);
  if (!response.ok) throw await refused(response, CIRCLE_CODES);
  const said = await jsonOf(response);
  if (said === null) throw new HttpError(response.status);
  return said as T;
}

const lists = (name: string) => (said: Json) => Array.isArray(said[name]);
const at = (circle: string, rest: string): string => `circles/${encodeURIComponent(circle)}/${rest}`;
const done = async (asked: Promise<unknown>): Promise<void> => {
  await asked;
};

/** The server, by HTTP. */
export const circlesApi: Circles = {
  keyring: () => ask("keyring", undefined, undefined, lists("locks")),
  putLock: ({ lock, ...rest }) => done(ask(`keyring/locks/${lock}`, "PUT", rest)),
  deleteLock: (lock, proof) => done(ask(`keyring/locks/${lock}`, "DELETE", proof)),
  renewKeyring: (renewal) => done(ask("keyring/renew", "POST", renewal)),
  circles: async () =>
    (await ask<{ circles: readonly CircleRow[] }>("circles", undefined, undefined, lists("circles"))).circles,
  found: (step) => done(ask("circles", "POST", step)),
  log: (circle, from) => ask(at(circle, `log?from=${from}`), undefined, undefined, lists("entries")),
  append: (circle, step) => done(ask(at(circle, "log"), "POST", step)),
  consents: async (circle) =>
    (await ask<{ consents: readonly ConsentRow[] }>(at(circle, "consents"), undefined, undefined, lists("consents")))
      .consents,
  consent: (circle, consent) => done(ask(at(circle, "consents"), "POST", consent)),
  withdraw: (circle, consent) => done(ask(at(circle, `consents/${consent}`), "DELETE")),
  items: async (circle, kind) =>
    (await ask<{ items: readonly ItemRow[] }>(at(circle, `items?kind=${kind}`), undefined, undefined, lists("items")))
      .items,
  putItem: (circle, { kind, id, ...rest }) => done(ask(at(circle, `items/${kind}/${id}`), "PUT", rest)),
  deleteItem: (circle, kind, id) => done(ask(at(circle, `items/${kind}/${id}`), "DELETE")),
  visit: (circle, visit) => done(ask(at(circle, "visit"), "POST", visit)),
};
