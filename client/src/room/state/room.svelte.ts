// The room as the screens see it: state to read, commands to send. Screens compute no permission themselves: see `permitted`.
import { whyNoKey } from "../../crypto/admission.ts";
import { newId } from "../../crypto/ids.ts";
import { type Keys, LinkKeys } from "../../crypto/keys.ts";
import { keyIn } from "../../crypto/link.ts";
import { formatFor, type Plain, seal } from "../../crypto/seal.ts";
import { clean, shows } from "../../design/names.ts";
import type { EndCode } from "../../protocol/codes.ts";
import type { Bodies, Command, Devices, FactsMessage, SeatView, View, Welcome } from "../../protocol/index.ts";
import { findPhase, type Method, type Phase } from "../../protocol/method.ts";
import type { As } from "../../transport/api.ts";
import { Connection, type Obstacle, type Status } from "../../transport/connection.ts";
import { type Answer, type Entry, Outbox } from "../../transport/outbox.ts";
import { action, actions, detailsIn, NOBODY } from "./actions.ts";
import { holdsText, type MayGive } from "./boxes.ts";
import { type Content, Contents } from "./contents.svelte.ts";
import { adoptDevice, DeviceToken } from "./device-token.ts";
import { entrance } from "./entrance.ts";
import { browser, type Environment } from "./environment.ts";
import { fold, left } from "./fold.ts";
import { Keeping } from "./keeping.ts";
import { loadMethod } from "./method-loading.ts";
import { Notes } from "./notes.svelte.ts";
import type { Change, GiveOptions, RoomOptions } from "./options.ts";
import { watchPage } from "./page.ts";
import { boundTo, resendDecision, stamped, stepOf } from "./resend.ts";
import { VideoLink } from "./video.svelte.ts";
import { UNSHOWN } from "./view-only.svelte.ts";

export type { Answer, Change, Content, EndCode, Status };

export class RoomStore {
  readonly meeting: string;
  readonly practice: boolean;
  readonly table: boolean;
  readonly notes: Notes;
  readonly video: VideoLink;
  readonly keeping: Keeping;
  view = $state.raw<View | null>(null);
  method = $state.raw<Method | null>(null);
  status = $state<Status>("connecting");
  ended = $state<EndCode | null>(null);
  mayKnock = $state(false);
  unsent = $state(0);
  /** The keys of the drafts that are on their way to the room. */
  sending = $state.raw<ReadonlySet<string>>(NOBODY);
  /** What stands between this device and the room, while there is no connection. */
  obstacle = $state<Obstacle | null>(null);
  /** Whether somebody was here before, on this device, and nobody said yet that it is the same person: nothing is shown till then. */
  wasHere = $state(false);
  /** Whether a reload would lose what this device holds. */
  forgetful = $state(false);
  /** Whether others use this computer, too: it then keeps things for this tab alone. */
  shared = $state(false);
  /** What whoever left could read before: for what they take home. */
  last = $state.raw<View | null>(null);
  /** How many devices listen besides those that the view shows. */
  devices = $state.raw<Devices>(UNSHOWN);
  /** The server's clock, four times a second. */
  time = $state(Date.now());

  readonly #as: As;
  readonly #keyText: string | null;
  readonly #keys: Keys;
  readonly #fragment: string;
  readonly #environment: Environment;
  readonly #token: DeviceToken;
  readonly #contents: Contents;
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  readonly #listeners = new Set<(change: Change) => void>();
  #notifying: Promise<void> = Promise.resolve();
  #unwatch: () => void = () => {};
  /** The newest format of sealed bodies that everybody in the room reads. */
  #sealFormat = 1;
  /** Messages that this room takes, besides those that every release takes. */
  #takes: readonly string[] = [];
  /** The step for which the room was told that this device holds text; `null`: for none. */
  #reported: string | null = null;
  #loading = false;
  /** By seat, the content ids of names of those who have left while this page looked on. */
  readonly #former = new Map<string, string>();

  #mine = $derived(actions(this.view?.mine.permitted));
  #others = $derived(
    new Map(Object.entries(this.view?.mine.acting ?? {}).map(([seat, pairs]) => [seat, actions(pairs)] as const)),
  );

  constructor(options: RoomOptions) {
    this.meeting = options.meeting;
    this.practice = options.practice;
    this.table = options.table;
    this.#as = options.table ? "table" : "device";
    this.#fragment = options.fragment;
    this.#environment = { ...browser(), ...options.environment };
    const { local, session } = this.#environment;
    this.keeping = new Keeping(local, session, this.meeting);
    this.shared = this.keeping.shared;
    this.wasHere = !this.table && this.keeping.wasHere;
    this.#keyText = keyIn(options.fragment) ?? this.keeping.openedWith;
    this.#keys = new LinkKeys(this.#environment.secure ? this.#keyText : null);
    adoptDevice(this.keeping, this.meeting, options.fragment);
    this.#token = new DeviceToken(this.keeping, this.meeting, this.#as);
    const changed = () => this.#report();
    this.notes = new Notes(this.keeping, this.meeting, this.#keys, { changed, now: () => this.now() });
    this.video = new VideoLink(session, options, this, (fields) => this.#sealed(this.seat ?? "", "video", fields));
    this.#contents = new Contents(this.meeting, this.#keys);
    const box = `kring:outbox:${this.meeting}:${this.#as}`;
    this.#outbox = new Outbox(session, box, (entry, answer) => this.#answered(entry, answer));
    this.#count();
    this.#connection = this.#connect();
  }

  // State

  get seat(): string | null {
    return this.view?.mine.seat ?? null;
  }

  get me(): SeatView | null {
    return this.#seatOf(this.seat);
  }

  get owner(): SeatView | null {
    return this.#seatOf(this.view?.round?.owner ?? null);
  }

  get facilitator(): SeatView | null {
    return this.view?.seats.find((seat) => seat.roles.includes("facilitator")) ?? null;
  }

  /** The method's current phase. */
  get step(): Phase | null {
    const phase = this.view?.phase;
    return phase && this.method ? findPhase(this.method, phase.id, phase.module) : null;
  }

  /** Milliseconds left of this phase: below 0 when it is over time, `null` without a deadline. */
  get left(): number | null {
    return this.view ? left(this.view, this.time) : null;
  }

  /** The opened name of a seat; empty while it can't be shown. */
  name(seat: string): string {
    const content = this.#contents.get(this.#seatOf(seat)?.name ?? this.#former.get(seat) ?? null);
    const name = content.state === "open" ? clean(String(content.fields.name ?? "")) : "";
    return shows(name) ? name : "";
  }

  content(id: string | null): Content {
    return this.#contents.get(id);
  }

  permitted(command: string, detail = ""): boolean {
    return this.#mine.has(action(command, detail));
  }

  details(command: string): readonly string[] {
    return detailsIn(this.view?.mine.permitted, command);
  }

  /** The seats that this one may act for. */
  get acting(): readonly string[] {
    return [...this.#others.keys()];
  }

  mayFor(seat: string, command: string, detail = ""): boolean {
    return (this.#others.get(seat) ?? NOBODY).has(action(command, detail));
  }

  detailsFor(seat: string, command: string): readonly string[] {
    return detailsIn(this.view?.mine.acting[seat], command);
  }

  /** Whether this may be given now, for oneself or for another seat. */
  readonly mayGive: MayGive = (what, on) => (on ? this.mayFor(on, "give", what) : this.permitted("give", what));

  now(): number {
    return this.#connection.clock.now();
  }

  /** The address of this meeting, key included: for people, never for a server. */
  link(kind: As = "device"): string {
    const path = `/m/${this.meeting}${kind === "table" ? "/table" : ""}`;
    return `${location.origin}${path}#k=${this.#keyText ?? ""}${this.video.part}`;
  }

  /** The same with what names this device: whoever opens it sits in this seat. For its owner alone. */
  seatLink(): string | null {
    const token = this.#token.read();
    return this.seat === null || token === null ? null : `${this.link()}&d=${encodeURIComponent(token)}`;
  }

  /** Asks the room for something; never rejects. */
  async send(command: Command, bodies: Bodies = {}, draft: string | null = null): Promise<Answer> {
    if (command.type === "leave" && !command.on) this.last = this.view;
    const phase = boundTo(command, this.view);
    const entry = { id: newId("c"), command: stamped(command, this.view), bodies, phase, draft, tries: 0 };
    const answer = this.#connection.send(entry);
    this.#count();
    if (this.ended !== null) this.#outbox.refuse("connection-ended");
    return answer;
  }

  async takeSeat(name: string, guest = false): Promise<Answer> {
    const seat = newId("s");
    const [id, bodies] = await this.#sealed(seat, "name", { name });
    return this.send({ type: "take-seat", seat, name: id, guest }, bodies);
  }

  /** Of what somebody left on this device: goes on with it, or removes it and begins anew. */
  resume(mine: boolean): void {
    if (!mine) this.keeping.forget();
    // The seat that the link brought along is theirs, whoever sat here before.
    adoptDevice(this.keeping, this.meeting, this.#fragment, true);
    if (!mine) {
      this.video.keepBrought();
      return this.#environment.reload();
    }
    this.wasHere = false;
    this.retry();
  }

  share(shared: boolean): void {
    this.keeping.shared = this.shared = shared;
  }

  /** Removes everything of this meeting from this device, and from the page. The seat, if there still is one, stays. */
  forget(): void {
    this.#connection.stop("forgotten");
    this.notes.burn();
    this.#contents.forget();
    this.view = this.last = null;
    this.keeping.forget();
    this.#environment.hideKey();
  }

  async addSeat(name: string): Promise<Answer> {
    const seat = newId("s");
    const [id, bodies] = await this.#sealed(seat, "name", { name });
    return this.send({ type: "add-seat", seat, name: id }, bodies);
  }

  /** Contributes. `fields` are sealed first; `null` says "I said it aloud, I'm done". */
  async give(what: string, fields: Plain | null, { on = null, draft = null }: GiveOptions = {}): Promise<Answer> {
    if (fields === null) return this.send({ type: "give", what, content: null, on }, {}, draft);
    const phase = boundTo({ type: "give", what }, this.view);
    const [content, bodies] = await this.#sealed(on ?? this.seat ?? "", what, fields);
    if (boundTo({ type: "give", what }, this.view) !== phase) return { ok: false, code: "phase-over" };
    return this.send({ type: "give", what, content, on }, bodies, draft);
  }

  /** Calls the listener after each change; returns a function that stops it. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.keeping.watch((lasts) => (this.forgetful = !lasts));
    this.#unwatch = watchPage({
      wake: () => this.#connection.wake(),
      shown: () => this.#refresh(),
      stored: (key) => this.notes.isKeptAs(key) && this.#refresh(),
      // A shared computer has forgotten the meeting when its page is closed, and a reload is no way back.
      left: () => this.shared && this.view?.meeting.status === "closed" && this.keeping.forget(),
      tick: () => {
        if (this.#connection.clock.jumped()) this.#connection.wake();
        this.time = this.now();
      },
    });
    this.retry();
  }

  /** Connects, also after the connection had ended; `knock`: at closed doors, those inside are told. */
  retry(knock = false): void {
    const never = this.#environment.secure ? whyNoKey(this.#keyText) : "insecure";
    if (never) {
      this.status = "closed";
      this.ended = never;
      return;
    }
    if (this.wasHere) return;
    void this.notes.refresh();
    this.#connection.start(knock);
    if (this.method === null) void this.#loadMethod();
  }

  stop(): void {
    this.#unwatch();
    this.#connection.stop();
  }

  // Internals

  #seatOf(id: string | null): SeatView | null {
    return this.view?.seats.find((seat) => seat.id === id) ?? null;
  }

  async #sealed(seat: string, kind: string, fields: Plain): Promise<[string, Bodies]> {
    const id = newId("b");
    const format = formatFor(this.#sealFormat);
    return [id, { [id]: await seal(this.#keys, { meeting: this.meeting, seat, kind, id }, fields, format) }];
  }

  #connect(): Connection {
    const needs = entrance(this.#environment, {
      meeting: this.meeting,
      as: this.#as,
      key: this.#keyText ?? "",
      token: this.#token,
      forgotten: () => this.ended === "forgotten",
    });
    return new Connection(needs, this.#outbox, {
      status: (status, ended) => {
        this.status = status;
        this.ended = ended;
        this.mayKnock = this.#connection.mayKnock;
        if (status === "open") this.#report();
        else this.#reported = null;
      },
      obstacle: (obstacle) => (this.obstacle = obstacle),
      seal: (format) => (this.#sealFormat = format),
      devices: (message) => (this.devices = message),
      welcome: (message) => this.#receiveWelcome(message),
      facts: (message) => this.#receiveFacts(message),
      resend: (entry) => resendDecision(entry, this.view),
    });
  }

  #receiveWelcome(message: Welcome): void {
    this.devices = UNSHOWN;
    this.#takes = message.takes ?? [];
    this.notes.sweepOthers(this.#environment.local, message.now);
    if (message.view) this.#show(message.view, message.bodies ?? {}, []);
    else if (message.facts && this.view) this.#show(fold(this.view, message.facts), message.bodies ?? {}, []);
  }

  #receiveFacts(message: FactsMessage): void {
    if (message.facts.fresh) this.devices = UNSHOWN;
    if (this.view) this.#show(fold(this.view, message.facts), message.bodies ?? {}, message.because);
  }

  #show(after: View, bodies: Bodies, because: readonly string[]): void {
    const before = this.view;
    for (const seat of before?.seats ?? []) this.#former.set(seat.id, seat.name);
    this.view = after;
    this.time = this.now();
    // Somebody sits here: the key is no longer where the next person at this computer would find it.
    const sat = after.mine.seat !== null && before?.mine.seat == null;
    if (sat && this.#keyText && this.keeping.seated(this.#keyText)) this.#environment.hideKey();
    if (after.meeting.burned && !before?.meeting.burned) this.notes.burn();
    this.#report();
    const opened = this.#contents.receive(after, bodies);
    // In order, and only once the names that announcements need have been opened.
    this.#notifying = this.#notifying
      .then(() => opened)
      .then(() => {
        for (const listener of this.#listeners) listener({ before, after, because });
      });
  }

  #answered(entry: Entry, answer: Answer): void {
    this.#count();
    if (!answer.ok) return;
    if (entry.draft !== null) this.notes.setDraft(entry.draft, null);
    if (entry.command.type !== "leave" || entry.command.on) return;
    this.#connection.stop("left");
    if (this.keeping.shared) this.keeping.forget();
  }

  /** What another tab wrote; whoever has left keeps what they see, also where the device has forgotten it. */
  #refresh(): void {
    if (this.ended !== "left") void this.notes.refresh();
  }

  /** How many commands wait, and which drafts are among them. */
  #count(): void {
    this.unsent = this.#outbox.entries.length;
    this.sending = new Set(this.#outbox.entries.flatMap(({ draft }) => draft ?? []));
  }

  /** Tells the room, when that changes, whether this device holds text for the step under way. */
  #report(): void {
    const step = stepOf(this.view);
    if (!this.view || !step || !this.#takes.includes("unsent") || this.status !== "open") return;
    const unsent = this.seat !== null && holdsText(this.view, this.notes.drafts, this.mayGive);
    if (unsent === (this.#reported === step)) return;
    this.#reported = unsent ? step : null;
    this.#connection.tell({ type: "unsent", phase: step, unsent });
  }

  async #loadMethod(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    const over = (): boolean => this.status === "closed";
    this.method = (await loadMethod(() => this.#environment.method(this.meeting), over)) ?? this.method;
    this.#loading = false;
  }
}
