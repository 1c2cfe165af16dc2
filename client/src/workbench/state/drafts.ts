// Drafts of methods, saved on this device from the first keystroke: closing the tab or reloading loses nothing.
import type { Store } from "../../transport/storage.ts";

const PREFIX = "kring:method:";

export interface Draft {
  readonly id: string;
  readonly text: string;
  /** What it started from, or was last published as: changes are shown against it. */
  readonly base: string;
  /** Where it is published, and the author's key. */
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

  /** Returns whether it was saved: storage may be full or forbidden, and then the page says so. */
  save(draft: Draft): boolean {
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

  /** Calls the listener when another window changed a draft; returns a function that stops it. */
  static listen(listener: (id: string) => void): () => void {
    const onStorage = (event: StorageEvent): void => {
      if (event.key?.startsWith(PREFIX)) listener(event.key.slice(PREFIX.length));
    };
    window.addEventListener("storage", onStorage);
    return () => window.removeEventListener("storage", onStorage);
  }

  #length(): number {
    try {
      return this.#store.length;
    } catch {
      return 0;
    }
  }
}
