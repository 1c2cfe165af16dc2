// A room without a connection that shows a given view: for stories and rehearsals.
import type { Devices, SeatView, View } from "../../protocol/index.ts";
import { findPhase, type Method, type Phase } from "../../protocol/method.ts";
import { left } from "./fold.ts";
import type { Answer, Change } from "./room.svelte.ts";
import type { Video } from "./video.svelte.ts";

/** Nobody listens but those whom the view shows. */
export const UNSHOWN: Devices = { type: "devices", seats: {}, visitors: 0 };

export abstract class ViewOnlyRoom {
  view = $state.raw<View | null>(null);
  devices = $state.raw<Devices>(UNSHOWN);
  time = $state(0);
  readonly sending: ReadonlySet<string> = new Set();
  readonly video: Video = { url: null, give: async () => ({ ok: false, code: "no-link" }) };
  readonly obstacle = null;
  mayKnock = $state(false);
  readonly wasHere: boolean = false;
  readonly forgetful: boolean = false;
  readonly shared: boolean = false;
  readonly last: View | null = null;
  readonly method: Method;
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(method: Method) {
    this.method = method;
  }

  /** Shows another view, as facts from a server would. */
  show(after: View): void {
    const before = this.view;
    this.view = after;
    for (const listener of this.#listeners) listener({ before, after, because: [] });
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
  seatLink(): string | null {
    return null;
  }
  abstract mayFor(seat: string, command: string, detail?: string): boolean;
  mayGive(what: string, on: string | null): boolean {
    return on ? this.mayFor(on, "give", what) : this.permitted("give", what);
  }
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The answer to every command. */
  protected abstract answer(): Promise<Answer>;

  // It keeps nothing, and so there is nothing to forget.
  resume(): void {}
  share(): void {}
  forget(): void {}

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
