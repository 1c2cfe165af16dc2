// Commands that the room has not answered yet. Kept for this tab, so that neither a lost connection nor a reload loses one.
// It holds ids and sealed bodies, never plaintext.
import type { RefusalCode } from "../protocol/codes.ts";
import type { Bodies, Command } from "../protocol/index.ts";
import { type Store, StoredValue } from "./storage.ts";

export type Answer = { readonly ok: true; readonly seq: number } | { readonly ok: false; readonly code: RefusalCode };

export interface Entry {
  readonly id: string;
  readonly command: Command;
  readonly bodies: Bodies;
  /** Key of the phase that the command was meant for; `null` when it doesn't matter. */
  readonly phase: string | null;
  /** Key of the draft that is cleared once the room has this. */
  readonly draft: string | null;
  /** How often it was sent. */
  readonly tries: number;
}

type Waiter = (answer: Answer) => void;

export class Outbox {
  readonly #stored: StoredValue<Entry[]>;
  readonly #waiters = new Map<string, Waiter>();
  readonly #answered: (entry: Entry, answer: Answer) => void;
  #entries: Entry[];

  constructor(store: Store, key: string, answered: (entry: Entry, answer: Answer) => void) {
    this.#stored = new StoredValue(store, key);
    this.#entries = this.#stored.read() ?? [];
    this.#answered = answered;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  #keep(entries: Entry[]): void {
    this.#entries = entries;
    this.#stored.write(entries.length > 0 ? entries : null);
  }

  /** Keeps a command until `answer` is called for its id. */
  add(entry: Entry): Promise<Answer> {
    this.#keep([...this.#entries, entry]);
    return new Promise((resolve) => this.#waiters.set(entry.id, resolve));
  }

  /** Counts one more try. */
  tried(id: string): void {
    this.#keep(this.#entries.map((entry) => (entry.id === id ? { ...entry, tries: entry.tries + 1 } : entry)));
  }

  answer(id: string, answer: Answer): void {
    const entry = this.#entries.find((each) => each.id === id);
    if (!entry) return;
    this.#keep(this.#entries.filter((each) => each.id !== id));
    this.#answered(entry, answer);
    this.#waiters.get(id)?.(answer);
    this.#waiters.delete(id);
  }

  /** Refuses, on this device, commands that were sent at least so often. */
  refuse(code: RefusalCode, tries = 0): void {
    for (const entry of this.#entries) {
      if (entry.tries >= tries) this.answer(entry.id, { ok: false, code });
    }
  }
}
