// A room without a server: hand-made views for the stories. Not in the product's build.
import type { EndCode } from "../../../protocol/codes.ts";
import type { Fields, View } from "../../../protocol/index.ts";
import type { Method } from "../../../protocol/method.ts";
import { ViewOnlyRoom } from "../../state/view-only.svelte.ts";
import type { Answer, Content, Room } from "../context.ts";

export interface Made {
  readonly view: View | null;
  readonly names: Readonly<Record<string, string>>;
  readonly contents: Readonly<Record<string, Fields | "failed">>;
  readonly ended?: EndCode;
  readonly refused?: boolean;
  readonly offline?: boolean;
  readonly pad?: string;
  readonly drafts?: Readonly<Record<string, Fields>>;
}

class FakeNotes {
  pad = $state("");
  #drafts = $state.raw<Readonly<Record<string, Fields>>>({});

  constructor(pad: string, drafts: Readonly<Record<string, Fields>>) {
    this.pad = pad;
    this.#drafts = drafts;
  }

  get drafts(): Readonly<Record<string, Fields>> {
    return this.#drafts;
  }
  draft(key: string): Fields {
    const found = Object.entries(this.#drafts).find(
      ([part]) => key === part || (part.endsWith("*") && key.includes(part.slice(0, -1))),
    );
    return this.#drafts[key] ?? found?.[1] ?? {};
  }

  setDraft(key: string, fields: Fields | null): void {
    this.#drafts = { ...this.#drafts, [key]: fields ?? {} };
  }
}

export class FakeRoom extends ViewOnlyRoom implements Room {
  status = $state<"connecting" | "open" | "closed">("open");
  unsent = $state(0);
  ended = $state<EndCode | null>(null);
  readonly notes: FakeNotes;
  readonly #made: Made;

  constructor(made: Made, method: Method) {
    super(method);
    this.#made = made;
    this.view = made.view;
    this.ended = made.ended ?? null;
    this.notes = new FakeNotes(made.pad ?? "", made.drafts ?? {});
    this.status = made.ended ? "closed" : made.offline ? "connecting" : "open";
    this.unsent = made.offline ? 1 : 0;
  }

  get acting() {
    return Object.keys(this.view?.mine.acting ?? {});
  }
  name(seat: string) {
    return this.#made.names[seat] ?? "";
  }
  content(id: string): Content {
    const made = this.#made.contents[id];
    if (this.view?.meeting.burned) return { state: "gone" };
    if (made === "failed") return { state: "failed" };
    return made ? { state: "open", fields: made } : { state: "waiting" };
  }
  mayFor(seat: string, command: string, detail = "") {
    return this.view?.mine.acting[seat]?.some(([name, about]) => name === command && about === detail) ?? false;
  }
  detailsFor(seat: string, command: string) {
    return (this.view?.mine.acting[seat] ?? []).filter(([name]) => name === command).map(([, about]) => about);
  }
  link(kind: "device" | "table") {
    return `https://kring.example/m/abcdefghij234567abcd${kind === "table" ? "/table" : ""}#k=9vS1x0W2u3C4d5E6f7G8h9I0j1K2l3M4n5O6p7Q8r9S`;
  }
  retry(): void {
    location.reload();
  }
  protected async answer(): Promise<Answer> {
    await new Promise((resolve) => setTimeout(resolve, 150));
    return this.#made.refused ? { ok: false, code: "not-your-turn" } : { ok: true, seq: 1 };
  }
}
