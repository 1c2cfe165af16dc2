// Browser storage that may be forbidden, full, or hold what an older release wrote.

export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** JSON kept under one key. Where storage fails, things are simply not kept. */
export class StoredValue<T> {
  readonly #store: Store;
  readonly #key: string;

  constructor(store: Store, key: string) {
    this.#store = store;
    this.#key = key;
  }

  read(): T | null {
    try {
      const text = this.#store.getItem(this.#key);
      return text === null ? null : (JSON.parse(text) as T);
    } catch {
      return null;
    }
  }

  /** Keeps a value; `null` removes it. */
  write(value: T | null): void {
    try {
      if (value === null) this.#store.removeItem(this.#key);
      else this.#store.setItem(this.#key, JSON.stringify(value));
    } catch {
      // The page works without it.
    }
  }
}
