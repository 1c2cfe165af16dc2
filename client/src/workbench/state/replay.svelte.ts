// A rehearsed meeting as a room: the same screens as in a real one, from what each seat saw.
import type { Fields, View } from "../../protocol/index.ts";
import type { Method } from "../../protocol/method.ts";
import { type Answer, type Content, fold, type Room, ViewOnlyRoom } from "../../room/index.ts";
import type { Line } from "./api.ts";

export const TABLE = "table";
const NAMES = ["Noor", "Bram", "Wil", "Ayşe", "Teun", "Fatima", "Joost", "Mila", "Sem", "Lotte", "Karim", "Inge"];

/** What one audience saw at a moment. */
interface Moment {
  readonly at: number;
  readonly view: View;
}

/** Every view of each audience, in the order of the play; seats in the order in which people sat down. */
export function moments(lines: readonly Line[]): ReadonlyMap<string, readonly Moment[]> {
  const seen = new Map<string, Moment[]>();
  for (const line of lines) {
    if (line.line !== "saw" || line.who === null) continue;
    const had = seen.get(line.who) ?? [];
    const before = had.at(-1)?.view;
    const view = line.view ?? (before && fold(before, { set: line.set ?? {}, items: line.items ?? [] }));
    if (view) seen.set(line.who, [...had, { at: line.at, view }]);
  }
  return seen;
}

const NO_NOTES = { pad: "", drafts: {}, draft: (): Fields => ({}), setDraft: (): void => undefined };

export class Replay extends ViewOnlyRoom implements Room {
  readonly status = "open";
  readonly ended = null;
  readonly unsent = 0;
  readonly acting: readonly string[] = [];
  readonly notes = NO_NOTES;
  readonly #names: ReadonlyMap<string, string>;
  readonly #texts: (what: string) => string;

  constructor(method: Method, seats: readonly string[], texts: (what: string) => string) {
    super(method);
    this.#names = new Map(seats.map((seat, index) => [seat, NAMES[index % NAMES.length] ?? seat]));
    this.#texts = texts;
  }

  at(moment: Moment): void {
    this.time = moment.at;
    this.show(moment.view);
  }

  name(seat: string): string {
    return this.#names.get(seat) ?? "";
  }
  /** A rehearsal has no contents: the kind of contribution is shown instead. */
  content(id: string): Content {
    const item = this.view?.items.find((one) => one.content === id);
    const seat = this.view?.seats.find((one) => one.name === id);
    if (seat) return { state: "open", fields: { name: this.name(seat.id) } };
    return item ? { state: "open", fields: { text: this.#texts(item.what) } } : { state: "waiting" };
  }
  mayFor(): boolean {
    return false;
  }
  detailsFor(): readonly string[] {
    return [];
  }
  link(): string {
    return "";
  }
  retry(): void {
    // There is no connection.
  }
  protected answer(): Promise<Answer> {
    return Promise.resolve({ ok: true, seq: 0 });
  }
}
