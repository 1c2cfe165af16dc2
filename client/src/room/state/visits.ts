// When this device was here last, and what it had seen: so that a meeting over days can say what is new.
import type { View } from "../../protocol/index.ts";
import { Kept, type Store } from "../../transport/storage.ts";

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

/** Whoever looked away for so long comes back: milliseconds. */
const AWAY = 30 * 60_000;

/** What a view has to read, by phase. */
export function readable(view: View): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { phase, what } of view.items) if (what !== "vote") found[phase] = (found[phase] ?? 0) + 1;
  return found;
}

export class Visits {
  readonly #kept: Kept<Visit>;
  /** The visit before this one; `null` on the first. */
  readonly before: Visit | null;

  constructor(store: Store, meeting: string) {
    this.#kept = new Kept(store, `kring:visit:${meeting}`);
    this.before = this.#kept.read();
  }

  /** This is on the screen now. */
  note(view: View, at: number): void {
    const { seat } = view.mine;
    const owed = view.desk.some((slot) => slot.seat === seat && slot.owed > 0);
    const phase = view.phase?.key ?? null;
    this.#kept.write({ at, phase, owed, seen: readable(view) });
  }

  /** Nothing is left of it. */
  forget(): void {
    this.#kept.write(null);
  }
}

/** Calls `back` when the page is looked at again after a long while; returns the way to stop. */
export function whenBack(page: Document, back: () => void, now: () => number = Date.now): () => void {
  let left = now();
  const look = (): void => {
    if (page.visibilityState === "hidden") left = now();
    else if (now() - left > AWAY) back();
  };
  page.addEventListener("visibilitychange", look);
  return () => page.removeEventListener("visibilitychange", look);
}
