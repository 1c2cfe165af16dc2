// The link of the circle's own video room: sealed in the meeting, so that whoever sits there has it, and the server never does.
// A room of before takes no such thing: there, and out of links of before, it travels behind the # of the invitation.
import type { Plain } from "../../crypto/seal.ts";
import type { RefusalCode } from "../../protocol/codes.ts";
import type { Bodies, Command, View } from "../../protocol/index.ts";
import type { Answer } from "../../transport/outbox.ts";
import { type Store, StoredValue } from "../../transport/storage.ts";
import type { Content } from "./contents.svelte.ts";

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

/** What became of giving one: why the room refused it, or that this is no link of a video room. */
export type Given = { readonly ok: true } | { readonly ok: false; readonly code: RefusalCode | "no-link" };

/** The circle's own video room, where somebody gave its link. */
export interface Video {
  readonly url: string | null;
  /** Gives its link, or with `null` takes it away. */
  give(link: string | null): Promise<Given>;
}

/** What is needed of the room. */
export interface Meeting {
  readonly view: View | null;
  content(id: string | null): Content;
  permitted(command: string): boolean;
  send(command: Command, bodies?: Bodies): Promise<Answer>;
}

/** Seals fields for the meeting: their content id, and the body under it. */
type Seal = (fields: Plain) => Promise<[string, Bodies]>;

/** What a link brought along is kept for this tab, so that a reload finds it. */
export class VideoLink implements Video {
  readonly #stored: StoredValue<string>;
  readonly #room: Meeting;
  readonly #seal: Seal;
  #brought = $state<string | null>(null);

  constructor(store: Store, { meeting, fragment }: { meeting: string; fragment: string }, room: Meeting, seal: Seal) {
    this.#stored = new StoredValue(store, `kring:video:${meeting}`);
    this.#room = room;
    this.#seal = seal;
    const brought = videoIn(fragment);
    if (brought) this.#stored.write(brought);
    this.#brought = videoRoom(this.#stored.read() ?? "");
  }

  get url(): string | null {
    const content = this.#room.content(this.#given?.content ?? null);
    return content.state === "open" ? videoRoom(String(content.fields.url ?? "")) : this.#given ? null : this.#brought;
  }

  /** What the meeting itself has. */
  get #given(): View["video"] {
    return this.#room.view?.video;
  }

  /** What an invitation brings along: nothing, once the meeting itself has it. */
  get part(): string {
    return this.#brought && !this.#given ? `&v=${encodeURIComponent(this.#brought)}` : "";
  }

  async give(link: string | null): Promise<Given> {
    const found = link === null ? null : videoRoom(link);
    if (link !== null && found === null) return { ok: false, code: "no-link" };
    if (this.#room.permitted("set-video-room")) {
      const answer = await this.#set(found);
      if (!answer.ok) return answer;
      this.#brought = null;
    } else this.#brought = found;
    this.keepBrought();
    return { ok: true };
  }

  /** What was brought along is kept, also where all else of the meeting was removed. */
  keepBrought(): void {
    this.#stored.write(this.#brought);
  }

  async #set(link: string | null): Promise<Answer> {
    if (link === null) return this.#room.send({ type: "set-video-room", content: null });
    const [content, bodies] = await this.#seal({ url: link });
    return this.#room.send({ type: "set-video-room", content }, bodies);
  }
}
