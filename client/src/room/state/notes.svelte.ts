// The private notepad and what is half written: on this device only, nobody else's to see, sealed at rest.
import type { Keys } from "../../crypto/keys.ts";
import { NEWEST, open, type Place, type Plain, seal } from "../../crypto/seal.ts";
import { Kept, type Store } from "../../transport/storage.ts";

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
      const kept = new Kept<AtRest>(store, key);
      if (now - (kept.read()?.at ?? 0) > KEEP_DAYS * DAY) kept.write(null);
    }
  } catch {
    // Storage is forbidden: then there is nothing in it.
  }
}

export class Notes {
  readonly #kept: Kept<AtRest>;
  readonly #place: Place;
  readonly #keys: Keys;
  #pad = $state("");
  #drafts = $state.raw<Readonly<Record<string, Plain>>>({});
  #typed = false;
  #burned = false;
  #writing: Promise<void> = Promise.resolve();
  #pending = false;
  /** Resolves when what was kept is back on the screen. */
  readonly ready: Promise<void>;

  constructor(store: Store, meeting: string, keys: Keys) {
    this.#kept = new Kept(store, PREFIX + meeting);
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

  /** What is half written for this purpose; `{}` when nothing is. */
  draft(key: string): Plain {
    return this.#drafts[key] ?? {};
  }

  /** Keeps what is half written; `null` when it is done with. */
  setDraft(key: string, fields: Plain | null): void {
    const { [key]: _, ...others } = this.#drafts;
    this.#drafts = fields === null ? others : { ...others, [key]: fields };
    this.#save();
  }

  /** Forgets everything, here and at rest. */
  burn(): void {
    this.#pad = "";
    this.#drafts = {};
    this.#burned = true;
    this.#kept.write(null);
    this.#save();
  }

  async #load(): Promise<void> {
    const kept = this.#kept.read();
    if (!kept) return;
    try {
      const plain = await open(this.#keys, this.#place, kept.sealed);
      if (this.#burned) return;
      // Whoever typed before this was read keeps what they typed.
      if (!this.#typed) this.#pad = String(plain.pad ?? "");
      const drafts = JSON.parse(String(plain.drafts ?? "{}")) as Record<string, Plain>;
      this.#drafts = { ...drafts, ...this.#drafts };
    } catch {
      // Another key, or damaged: it can't be shown, and is not thrown away either until something new is written.
    }
  }

  /** Seals the newest text, one at a time: a keystroke is at rest a moment after it. */
  #save(): void {
    if (this.#pending) return;
    this.#pending = true;
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    this.#pending = false;
    const empty = this.#pad === "" && Object.keys(this.#drafts).length === 0;
    if (empty) return this.#kept.write(null);
    const plain = { pad: this.#pad, drafts: JSON.stringify(this.#drafts) };
    try {
      // Only this device reads it.
      const sealed = await seal(this.#keys, this.#place, plain, NEWEST);
      if (!this.#burned) this.#kept.write({ at: Date.now(), sealed });
    } catch {
      // Without a key nothing is kept: never as plain text.
    }
  }

  /** Resolves when all that was typed is at rest. */
  settled(): Promise<void> {
    return this.#writing;
  }
}
