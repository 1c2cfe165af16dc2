// The link of the circle's own video room. It travels behind the # of the invitation, as the key does: the server never has it.
import { type Store, StoredValue } from "../../transport/storage.ts";

/** Characters of its address that go into an invitation. */
const LONGEST = 500;

/** The address of a video room: https alone, and nobody's password in it; `null` for anything else. */
export function videoRoom(text: string): string | null {
  return excessOf(text) > 0 ? null : safe(text);
}

/** By how many characters the address of a video room is too long, as it is written out in the invitation; else 0 or less. */
export function excessOf(text: string): number {
  return (safe(text)?.length ?? 0) - LONGEST;
}

function safe(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === "https:" && url.username === "" && url.password === "" ? url.href : null;
}

/** What a link brings along (`&v=`). */
export function videoIn(fragment: string): string | null {
  return videoRoom(new URLSearchParams(fragment.replace(/^#/, "")).get("v") ?? "");
}

/** The circle's own video room, where somebody gave its link. */
export interface Video {
  readonly url: string | null;
  /** Gives its link, or with `null` takes it away. `false`: that is none. */
  give(link: string | null): boolean;
}

/** Kept for this tab, so that a reload finds it. */
export class VideoLink implements Video {
  readonly #stored: StoredValue<string>;
  url = $state<string | null>(null);

  constructor(store: Store, meeting: string, fragment: string) {
    this.#stored = new StoredValue(store, `kring:video:${meeting}`);
    const brought = videoIn(fragment);
    if (brought) this.#stored.write(brought);
    this.url = videoRoom(this.#stored.read() ?? "");
  }

  /** What an invitation brings along. */
  get part(): string {
    return this.url ? `&v=${encodeURIComponent(this.url)}` : "";
  }

  give(link: string | null): boolean {
    const found = link === null ? null : videoRoom(link);
    if (link !== null && found === null) return false;
    this.url = found;
    this.#stored.write(found);
    return true;
  }
}
