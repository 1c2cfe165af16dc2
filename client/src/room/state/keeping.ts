// What this device keeps of one meeting: where, for how long, and how it forgets it.
//
// A person's own device keeps it in the browser's local storage, so that a closed tab costs nobody a seat. A shared computer keeps
// it for the tab alone. The key of the meeting goes from the address bar, where the next person would find it, into the tab's
// session storage as soon as somebody has a seat.
import { type KeptStore, type Store, StoredValue } from "../../transport/storage.ts";

type Kept = Store & Partial<Pick<KeptStore, "lasts" | "onchange">>;

export class Keeping implements Store {
  readonly #local: Kept;
  readonly #session: Kept;
  readonly #meeting: string;
  readonly #marked: StoredValue<boolean>;
  #shared: boolean;
  readonly #key: StoredValue<string>;

  constructor(local: Kept, session: Kept, meeting: string) {
    this.#local = local;
    this.#session = session;
    this.#meeting = meeting;
    this.#marked = new StoredValue(session, `kring:shared:${meeting}`);
    this.#shared = this.#marked.read() === true;
    this.#key = new StoredValue(session, `kring:key:${meeting}`);
  }

  /** Whether this is a computer that others use, too. */
  get shared(): boolean {
    return this.#shared;
  }

  set shared(shared: boolean) {
    if (shared === this.#shared) return;
    const from = this.#place;
    this.#shared = shared;
    this.#marked.write(shared || null);
    const to = this.#place;
    for (const key of this.#keysIn(from)) {
      if (this.#belongsToTab(key)) continue;
      const value = from.getItem(key);
      from.removeItem(key);
      if (value !== null) put(to, key, value);
    }
  }

  /** Whether a reload loses nothing. */
  get lasts(): boolean {
    return this.#local.lasts !== false && this.#session.lasts !== false;
  }

  /** Calls `look` now, and whenever that may have changed. */
  watch(look: (lasts: boolean) => void): void {
    for (const store of [this.#local, this.#session]) {
      if ("onchange" in store) store.onchange = () => look(this.lasts);
    }
    look(this.lasts);
  }

  /** The key that this tab was opened with, where it no longer stands in its address. */
  get openedWith(): string | null {
    return this.#key.read();
  }

  /** Somebody has a seat here. Returns whether the key is kept for the tab, and may go from the address bar. */
  seated(key: string): boolean {
    new StoredValue<boolean>(this, `kring:seated:${this.#meeting}`).write(true);
    this.#key.write(key);
    return this.#session.lasts !== false && this.#key.read() === key;
  }

  /** Whether somebody had a seat on this device before, in another tab: perhaps somebody else. */
  get wasHere(): boolean {
    if (this.#key.read() !== null) return false;
    const seated = new StoredValue<boolean>(this.#local, `kring:seated:${this.#meeting}`).read();
    return seated === true || this.#local.getItem(`kring:notes:${this.#meeting}`) !== null;
  }

  /** Removes all that this device has of the meeting. */
  forget(): void {
    for (const store of [this.#local, this.#session]) {
      for (const key of this.#keysIn(store)) store.removeItem(key);
    }
  }

  // What the parts of the room keep goes where it belongs now.

  get length(): number {
    return this.#place.length;
  }
  key(index: number): string | null {
    return this.#place.key(index);
  }
  getItem(key: string): string | null {
    return this.#place.getItem(key);
  }
  setItem(key: string, value: string): void {
    this.#place.setItem(key, value);
  }
  removeItem(key: string): void {
    this.#place.removeItem(key);
  }

  get #place(): Store {
    return this.#shared ? this.#session : this.#local;
  }

  #belongsToTab(key: string): boolean {
    return /^kring:(?:shared|key|outbox|role|sits|video):/.test(key);
  }

  #keysIn(store: Store): readonly string[] {
    const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
    return keys.filter((key) => key.startsWith("kring:") && key.split(":").includes(this.#meeting));
  }
}

function put(store: Store, key: string, value: string): void {
  try {
    store.setItem(key, value);
  } catch {
    // Full or forbidden: it is held in memory.
  }
}
