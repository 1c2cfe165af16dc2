// A view as screens ask it: who sits here, whose case it is, what may be done now. For rooms that are only looked at.
import type { SeatView, View } from "../../protocol/index.ts";
import { findPhase, type Method, type Phase } from "../../protocol/method.ts";
import { left } from "./fold.ts";
import type { Answer, Change } from "./room.svelte.ts";

export abstract class SeenRoom {
  view = $state.raw<View | null>(null);
  time = $state(0);
  readonly method: Method;
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(method: Method) {
    this.method = method;
  }

  /** Goes to another view, as facts would. */
  show(after: View): void {
    const before = this.view;
    this.view = after;
    for (const hear of this.#listeners) hear({ before, after, because: [] });
  }

  get seat(): string | null {
    return this.view?.mine.seat ?? null;
  }
  get me(): SeatView | null {
    return this.view?.seats.find((seat) => seat.id === this.seat) ?? null;
  }
  get owner(): SeatView | null {
    return this.view?.seats.find((seat) => seat.id === this.view?.round?.owner) ?? null;
  }
  get facilitator(): SeatView | null {
    return this.view?.seats.find((seat) => seat.roles.includes("facilitator")) ?? null;
  }
  get step(): Phase | null {
    const phase = this.view?.phase;
    return phase ? findPhase(this.method, phase.id, phase.module) : null;
  }
  get left(): number | null {
    return this.view ? left(this.view, this.time) : null;
  }
  permitted(command: string, detail = ""): boolean {
    return this.view?.mine.permitted.some(([name, about]) => name === command && about === detail) ?? false;
  }
  details(command: string): readonly string[] {
    return (this.view?.mine.permitted ?? []).filter(([name]) => name === command).map(([, about]) => about);
  }
  listen(hear: (change: Change) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  /** What becomes of anything that one tries. */
  protected abstract answer(): Promise<Answer>;

  send(): Promise<Answer> {
    return this.answer();
  }
  takeSeat(): Promise<Answer> {
    return this.answer();
  }
  addSeat(): Promise<Answer> {
    return this.answer();
  }
  give(): Promise<Answer> {
    return this.answer();
  }
}
