// Opens sealed contents as they arrive, once, and keeps them while the page lives. What doesn't open is marked as failed.
import { SvelteMap } from "svelte/reactivity";
import type { Keys } from "../../crypto/keys.ts";
import { open, type Place, type Plain } from "../../crypto/seal.ts";
import type { Bodies, View } from "../../protocol/index.ts";
import { authors } from "./fold.ts";

export type Content =
  | { readonly state: "open"; readonly fields: Plain }
  | { readonly state: "waiting" | "failed" | "gone" };

const WAITING: Content = { state: "waiting" };
const FAILED: Content = { state: "failed" };
const GONE: Content = { state: "gone" };

export class Contents {
  readonly #meeting: string;
  readonly #keys: Keys;
  readonly #opened = new SvelteMap<string, Content>();
  #sealed = new Map<string, string>();
  #burned = $state(false);

  constructor(meeting: string, keys: Keys) {
    this.#meeting = meeting;
    this.#keys = keys;
  }

  get(id: string | null): Content {
    if (this.#burned) return GONE;
    return (id === null ? undefined : this.#opened.get(id)) ?? WAITING;
  }

  /** Takes in what came with a view and opens all that the view names. Resolves when that is done. */
  async receive(view: View, bodies: Bodies): Promise<void> {
    if (view.meeting.burned) return this.forget();
    for (const [id, sealed] of Object.entries(bodies)) {
      if (!this.#opened.has(id)) this.#sealed.set(id, sealed);
    }
    const openings: Promise<void>[] = [];
    for (const [id, author] of authors(view)) {
      const sealed = this.#sealed.get(id);
      if (sealed === undefined) continue;
      this.#sealed.delete(id);
      openings.push(this.#open({ meeting: this.#meeting, id, ...author }, sealed));
    }
    await Promise.all(openings);
  }

  async #open(place: Place, sealed: string): Promise<void> {
    const content = await open(this.#keys, place, sealed).then(
      (fields): Content => ({ state: "open", fields }),
      () => FAILED,
    );
    if (!this.#burned) this.#opened.set(place.id, content);
  }

  /** Lets go of everything, for good. */
  forget(): void {
    this.#burned = true;
    this.#opened.clear();
    this.#sealed.clear();
  }
}
