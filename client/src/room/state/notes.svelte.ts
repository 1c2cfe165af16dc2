// The private notepad and drafts: kept on this device only, sealed at rest.
import type { Keys } from "../../crypto/keys.ts";
import { NEWEST, open, type Place, type Plain, seal } from "../../crypto/seal.ts";
import { type Store, StoredValue } from "../../transport/storage.ts";

const PREFIX = "kring:notes:";
const KEEP_DAYS = 30;
const DAY = 86_400_000;

interface AtRest {
  readonly at: number;
  readonly sealed: string;
}

/** Removes the notes of meetings whose time is over: content has an end date on this device too. */
export function sweepNotes(store: Store, now: number): void {
  try {
    const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
    for (const key of keys.filter((each) => each.startsWith(PREFIX))) {
      const kept = new StoredValue<AtRest>(store, key);
      if (now - (kept.read()?.at ?? 0) > KEEP_DAYS * DAY) kept.write(null);
    }
  } catch {
    // Storage is forbidden: then there is nothing in it.
  }
}

export class Notes {
  readonly #stored: StoredValue<AtRest>;
  readonly #place: Place;
  readonly #keys: Keys;
  #pad = $state("");
  #drafts = $state.raw<Readonly<Record<string, Plain>>>({});
  #typed = false;
  /** Drafts that were cleared before the stored ones were read. */
  readonly #cleared = new Set<string>();
  #burned = false;
  #writing: Promise<void> = Promise.resolve();
  #pending = false;
  /** Resolves when the stored notes have been loaded. */
  readonly ready: Promise<void>;

  constructor(store: Store, meeting: string, keys: Keys) {
    this.#stored = new StoredValue(store, PREFIX + meeting);
    this.#place = { meeting, seat: "device", kind: "notes", id: "notes" };
    this.#keys = keys;
    this.ready = this.#load();
  }

  get pad(): string {
    return this.#pad;
  }

  set pad(text: string) {
    this.#pad = text;
    this.#typed = true;
    this.#save();
  }

  /** The draft with this key; `{}` when there is none. */
  draft(key: string): Plain {
    return this.#drafts[key] ?? {};
  }

  /** Keeps a draft; `null` removes it. */
  setDraft(key: string, fields: Plain | null): void {
    const { [key]: _, ...others } = this.#drafts;
    this.#drafts = fields === null ? others : { ...others, [key]: fields };
    if (fields === null) this.#cleared.add(key);
    this.#save();
  }

  /** Deletes everything, in memory and at rest. */
  burn(): void {
    this.#pad = "";
    this.#drafts = {};
    this.#burned = true;
    this.#stored.write(null);
    this.#save();
  }

  async #load(): Promise<void> {
    const kept = this.#stored.read();
    if (!kept) return;
    try {
      const plain = await open(this.#keys, this.#place, kept.sealed);
      if (this.#burned) return;
      // What was typed before this was read wins.
      if (!this.#typed) this.#pad = String(plain.pad ?? "");
      const drafts = Object.entries(JSON.parse(String(plain.drafts ?? "{}")) as Record<string, Plain>);
      this.#drafts = { ...Object.fromEntries(drafts.filter(([key]) => !this.#cleared.has(key))), ...this.#drafts };
    } catch {
      // Another key, or damaged: it can't be shown, and stays until something new is written.
    }
  }

  /** Seals and stores the newest text, one write at a time. */
  #save(): void {
    if (this.#pending) return;
    this.#pending = true;
    // Not before what was stored has been read: it would be written over.
    this.#writing = this.#writing.then(() => this.ready).then(() => this.#write());
  }

  async #write(): Promise<void> {
    this.#pending = false;
    const empty = this.#pad === "" && Object.keys(this.#drafts).length === 0;
    if (empty) return this.#stored.write(null);
    const plain = { pad: this.#pad, drafts: JSON.stringify(this.#drafts) };
    try {
      // Only this device reads it.
      const sealed = await seal(this.#keys, this.#place, plain, NEWEST);
      if (!this.#burned) this.#stored.write({ at: Date.now(), sealed });
    } catch {
      // Without a key nothing is kept: never as plain text.
    }
  }

  /** Resolves when everything typed has been stored. */
  settled(): Promise<void> {
    return this.#writing;
  }
}
