// Browser storage that may be forbidden, full, or hold what an older release wrote.

export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PROBE = "kring:probe";

/**
 * What a browser keeps for us, as far as it does: where it may not be used, is full, or is taken away while the page lives, things are
 * held in memory, so that the page works on and only a reload loses them. Writing such a thing throws, for who wants to know.
 */
export class KeptStore implements Store {
  readonly #inner: Store | null;
  /** What the browser's own store did not take. */
  readonly #held = new Map<string, string>();
  /** Whether it took nothing the last time. */
  #full = false;
  /** Called when `lasts` may have changed. */
  onchange: () => void = () => undefined;

  /** `give` may throw, as the browser's own properties do where cookies are forbidden. */
  constructor(give: () => Store) {
    this.#inner = usable(give);
    try {
      this.#inner?.setItem(PROBE, "");
      this.#inner?.removeItem(PROBE);
    } catch {
      this.#full = true;
    }
  }

  /** Whether all that was written is there after a reload, too. */
  get lasts(): boolean {
    return this.#inner !== null && !this.#full && this.#held.size === 0;
  }

  get length(): number {
    return this.#keys().length;
  }

  key(index: number): string | null {
    // Whoever goes through all of them asks for each one: the browser's list is not gone through for every one again.
    const inner = this.#held.size === 0 ? this.#inner : null;
    try {
      return inner ? inner.key(index) : (this.#keys()[index] ?? null);
    } catch {
      return null;
    }
  }

  getItem(key: string): string | null {
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    try {
      return this.#inner?.getItem(key) ?? null;
    } catch {
      return null;
    }
  }

  setItem(key: string, value: string): void {
    try {
      if (!this.#inner) throw new Error("nothing is kept here");
      this.#inner.setItem(key, value);
      this.#held.delete(key);
      // There is room: perhaps also for what waits for it.
      this.#full = false;
      this.#again();
    } catch (error) {
      this.#full = true;
      this.#held.set(key, value);
      throw error;
    } finally {
      this.onchange();
    }
  }

  removeItem(key: string): void {
    this.#held.delete(key);
    try {
      this.#inner?.removeItem(key);
    } catch {
      // What may not be touched is not there for us either.
    }
    this.onchange();
  }

  #again(): void {
    for (const [key, value] of [...this.#held]) {
      try {
        this.#inner?.setItem(key, value);
        this.#held.delete(key);
      } catch {
        // It waits on.
      }
    }
  }

  #keys(): readonly string[] {
    const held = [...this.#held.keys()];
    try {
      const inner = this.#inner;
      const own = Array.from({ length: inner?.length ?? 0 }, (_, index) => inner?.key(index) ?? "");
      return [...own.filter((key) => !this.#held.has(key)), ...held];
    } catch {
      return held;
    }
  }
}

function usable(give: () => Store): Store | null {
  try {
    const store = give();
    store.getItem(PROBE);
    return store;
  } catch {
    return null;
  }
}

/** The browser's own stores, as far as it gives them. */
export const localStore = new KeptStore(() => localStorage);
export const sessionStore = new KeptStore(() => sessionStorage);

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
