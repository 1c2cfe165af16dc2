// The last visit of this device and what it had seen, so that a written meeting can say what is new.
import type { View } from "../../protocol/index.ts";
import { type Store, StoredValue } from "../../transport/storage.ts";

export interface Visit {
  /** Milliseconds since the epoch, on the server's clock. */
  readonly at: number;
  /** The phase then; `null` before the first one. */
  readonly phase: string | null;
  /** Whether something was owed there. */
  readonly owed: boolean;
  /** How much there was to read, by phase. */
  readonly seen: Readonly<Record<string, number>>;
}

/** Milliseconds of absence after which a person counts as coming back. */
const AWAY = 30 * 60_000;

/** What a view has to read, by phase. */
export function readable(view: View): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { phase, what } of view.items) if (what !== "vote") found[phase] = (found[phase] ?? 0) + 1;
  return found;
}

export class Visits {
  readonly #stored: StoredValue<Visit>;
  /** The visit before this one; `null` on the first. */
  readonly before: Visit | null;

  constructor(store: Store, meeting: string) {
    this.#stored = new StoredValue(store, `kring:visit:${meeting}`);
    this.before = this.#stored.read();
  }

  /** Records that this view is on the screen. */
  note(view: View, at: number): void {
    const { seat } = view.mine;
    const owed = view.desk.some((slot) => slot.seat === seat && slot.owed > 0);
    const phase = view.phase?.key ?? null;
    // Another tab of this browser has seen more.
    if ((this.#stored.read()?.at ?? 0) > at) return;
    this.#stored.write({ at, phase, owed, seen: readable(view) });
  }

  /** Deletes the record. */
  forget(): void {
    this.#stored.write(null);
  }
}

/** Calls `back` when the page becomes visible again after a long while; returns a function that stops it. */
export function whenBack(page: Document, back: () => void, now: () => number = Date.now): () => void {
  let left = now();
  const look = (): void => {
    if (page.visibilityState === "hidden") left = now();
    else if (now() - left > AWAY) back();
  };
  page.addEventListener("visibilitychange", look);
  return () => page.removeEventListener("visibilitychange", look);
}
