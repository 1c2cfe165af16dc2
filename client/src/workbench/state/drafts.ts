// What is being made, kept on this device from the first keystroke on: a closed tab, a flat battery or a reload loses nothing.
import type { Store } from "../../transport/storage.ts";

const PREFIX = "kring:method:";

export interface Draft {
  readonly id: string;
  readonly text: string;
  /** What it began as, or as it was last published: what changes are told against. */
  readonly base: string;
  /** Where it is published, and the key that only its maker has. */
  readonly published: { readonly id: string; readonly version: number; readonly key: string } | null;
  /** When it was changed last, milliseconds since the epoch. */
  readonly at: number;
}

export class Drafts {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** All of them, the latest first. */
  all(): readonly Draft[] {
    const keys = Array.from({ length: this.#length() }, (_, index) => this.#store.key(index) ?? "");
    const found = keys.filter((key) => key.startsWith(PREFIX)).map((key) => this.read(key.slice(PREFIX.length)));
    return found.filter((draft) => draft !== null).sort((one, other) => other.at - one.at);
  }

  read(id: string): Draft | null {
    try {
      const draft = JSON.parse(this.#store.getItem(PREFIX + id) ?? "null") as Draft | null;
      return typeof draft?.text === "string" && draft.id === id ? draft : null;
    } catch {
      return null;
    }
  }

  /** Whether it was kept: storage may be full or forbidden, and then the page must say so. */
  keep(draft: Draft): boolean {
    try {
      this.#store.setItem(PREFIX + draft.id, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  remove(id: string): void {
    try {
      this.#store.removeItem(PREFIX + id);
    } catch {
      // Forbidden: then it isn't there either.
    }
  }

  /** Calls when another window of this browser changed a draft; returns the way to stop. */
  static listen(hear: (id: string) => void): () => void {
    const heard = (event: StorageEvent): void => {
      if (event.key?.startsWith(PREFIX)) hear(event.key.slice(PREFIX.length));
    };
    window.addEventListener("storage", heard);
    return () => window.removeEventListener("storage", heard);
  }

  #length(): number {
    try {
      return this.#store.length;
    } catch {
      return 0;
    }
  }
}
