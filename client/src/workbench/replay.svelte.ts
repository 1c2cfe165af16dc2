// A rehearsed meeting as a room to look into: the same screens as in a real one, drawn from what each seat saw.
import type { Command, Fields, View } from "../protocol/index.ts";
import { findPhase, type Method } from "../protocol/method.ts";
import { fold } from "../state/fold.ts";
import type { Answer, Change, Content, Room } from "../ui/context.ts";
import type { Line } from "./api.ts";

export const TABLE = "table";
const NAMES = ["Noor", "Bram", "Wil", "Ayşe", "Teun", "Fatima", "Joost", "Mila", "Sem", "Lotte", "Karim", "Inge"];

/** What one audience had on its screen at a moment. */
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

const NO_NOTES = { pad: "", draft: (): Fields => ({}), setDraft: (): void => undefined };

export class Replay implements Room {
  view = $state.raw<View | null>(null);
  time = $state(0);
  readonly status = "open";
  readonly ended = null;
  readonly unsent = 0;
  readonly acting: readonly string[] = [];
  readonly notes = NO_NOTES;
  readonly method: Method;
  readonly #names: ReadonlyMap<string, string>;
  readonly #texts: (what: string) => string;
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(method: Method, seats: readonly string[], texts: (what: string) => string) {
    this.method = method;
    this.#names = new Map(seats.map((seat, index) => [seat, NAMES[index % NAMES.length] ?? seat]));
    this.#texts = texts;
  }

  show({ view, at }: Moment): void {
    const before = this.view;
    this.view = view;
    this.time = at;
    for (const hear of this.#listeners) hear({ before, after: view, because: [] });
  }

  get seat(): string | null {
    return this.view?.mine.seat ?? null;
  }
  get me() {
    return this.view?.seats.find((seat) => seat.id === this.seat) ?? null;
  }
  get owner() {
    return this.view?.seats.find((seat) => seat.id === this.view?.round?.owner) ?? null;
  }
  get facilitator() {
    return this.view?.seats.find((seat) => seat.roles.includes("facilitator")) ?? null;
  }
  get step() {
    const phase = this.view?.phase;
    return phase ? findPhase(this.method, phase.id, phase.module) : null;
  }
  get left(): number | null {
    const phase = this.view?.phase;
    if (!phase || this.view?.meeting.status === "paused") return phase?.remaining ?? null;
    return phase.deadline === null ? null : phase.deadline - this.time;
  }
  name(seat: string): string {
    return this.#names.get(seat) ?? "";
  }
  /** Nobody said anything: what stands there is what kind of thing it would be. */
  content(id: string): Content {
    const item = this.view?.items.find((one) => one.content === id);
    const seat = this.view?.seats.find((one) => one.name === id);
    if (seat) return { state: "open", fields: { name: this.name(seat.id) } };
    return item ? { state: "open", fields: { text: this.#texts(item.what) } } : { state: "waiting" };
  }
  permitted(command: string, detail = ""): boolean {
    return this.view?.mine.permitted.some(([name, about]) => name === command && about === detail) ?? false;
  }
  details(command: string): readonly string[] {
    return (this.view?.mine.permitted ?? []).filter(([name]) => name === command).map(([, about]) => about);
  }
  mayFor(): boolean {
    return false;
  }
  detailsFor(): readonly string[] {
    return [];
  }
  send(_command: Command): Promise<Answer> {
    return Promise.resolve({ ok: true, seq: 0 });
  }
  takeSeat(): Promise<Answer> {
    return this.send({ type: "start" });
  }
  addSeat(): Promise<Answer> {
    return this.send({ type: "start" });
  }
  give(): Promise<Answer> {
    return this.send({ type: "start" });
  }
  link(): string {
    return "";
  }
  listen(hear: (change: Change) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }
  retry(): void {
    // There is nothing to come back to.
  }
}
