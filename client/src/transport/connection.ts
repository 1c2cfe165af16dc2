// One connection to the room that lasts as long as the page: it comes back by itself and loses no command.
import { CLOSE_CODES, type CloseCode, closeName, type EndCode, refusalCode } from "../protocol/codes.ts";
import type { FactsMessage, Pong, Received, Sent, Welcome } from "../protocol/index.ts";
import { HttpError, type Ticket } from "./api.ts";
import { Clock } from "./clock.ts";
import type { Answer, Entry, Outbox } from "./outbox.ts";

export type Status = "connecting" | "open" | "closed";
export type SocketLike = Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">;

/** What the connection needs from outside. */
export interface Wires {
  /** A ticket for one connection; rejects with `HttpError` where the server says no. */
  ticket(): Promise<Ticket>;
  /** Forget what this device is known by: the server no longer believes it. */
  forget(): void;
  socket(path: string): SocketLike;
  random(): number;
  /** The newest format of sealed bodies that this device reads. */
  readonly seal: number;
}

/** Who is told. `welcome` and `facts` are handled before commands are sent again. */
export interface Listener {
  status(status: Status, ended: EndCode | null): void;
  welcome(message: Welcome): void;
  facts(message: FactsMessage): void;
  /** The newest format of sealed bodies that everybody in the room reads is another one now. */
  seal(format: number): void;
  /** What to do, after a new welcome, with a command that was never answered. */
  again(entry: Entry): "send" | "done" | "over";
}

const FIRST_DELAY = 300;
const LONGEST_DELAY = 5_000;
/** A server that stops says so: another is there already, and everybody comes at the same time. */
const MOVING_DELAY = 200;
const PATIENCE = 10_000;
const SHORT_PATIENCE = 4_000;
const PING_EVERY = 20_000;
const ANSWER_WITHIN = 2_000;
const STEADY = 5_000;
const FAULTS_BORNE = 3;
/** After a welcome the next wait is short again, but not at once: a room may welcome and fall over, again and again. */
const FAILURES_KEPT = 1;

const FINAL: ReadonlySet<CloseCode> = new Set(["replaced", "shown-out", "doors-closed", "unknown-meeting", "full"]);
const TICKET: ReadonlySet<CloseCode> = new Set(["ticket-forged", "ticket-expired", "ticket-elsewhere"]);
const FAULT: ReadonlySet<CloseCode> = new Set([
  "frame-too-large",
  "hello-expected",
  "not-json",
  "unknown-type",
  "bad-shape",
  "not-text",
]);

type Timer = ReturnType<typeof setTimeout>;

export class Connection {
  readonly clock = new Clock();
  readonly #wires: Wires;
  readonly #listener: Listener;
  readonly #outbox: Outbox;
  #status: Status = "closed";
  #socket: SocketLike | null = null;
  #seq: number | null = null;
  /** Rises with each attempt, so that answers to an earlier one are not believed. */
  #attempt = 0;
  #failures = 0;
  #ticketTries = 0;
  #faults = 0;
  #openedAt = 0;
  #helloAt = 0;
  #pings = new Map<number, number>();
  #pingNumber = 0;
  #retry: Timer | undefined;
  #patience: Timer | undefined;
  #pinging: Timer | undefined;
  #late: Timer | undefined;

  constructor(wires: Wires, outbox: Outbox, listener: Listener) {
    this.#wires = wires;
    this.#outbox = outbox;
    this.#listener = listener;
  }

  get status(): Status {
    return this.#status;
  }

  /** Connects, also after the end: people may try again. */
  start(): void {
    if (this.#status !== "closed") return;
    this.#failures = this.#ticketTries = this.#faults = 0;
    void this.#connect();
  }

  /** Closes for good, and tells why; without a reason (the page goes) nothing unanswered is given up. */
  stop(ended: EndCode | null = null): void {
    this.#hangUp();
    this.#set("closed", ended);
    if (ended) this.#outbox.refuse("connection-ended");
  }

  /** The network came or went, or the page is looked at again: don't wait any longer. */
  wake(): void {
    if (this.#status === "open") this.#ping(SHORT_PATIENCE);
    else if (this.#retry !== undefined) void this.#connect();
  }

  /** Sends a command now, or as soon as there is a line. */
  give(entry: Entry): Promise<Answer> {
    const answer = this.#outbox.add(entry);
    if (this.#status === "open") this.#deliver(entry);
    return answer;
  }

  #set(status: Status, ended: EndCode | null = null): void {
    this.#status = status;
    this.#listener.status(status, ended);
  }

  #hangUp(): void {
    this.#attempt += 1;
    clearTimeout(this.#retry);
    clearTimeout(this.#patience);
    clearTimeout(this.#late);
    clearInterval(this.#pinging);
    this.#retry = this.#patience = this.#pinging = this.#late = undefined;
    this.#pings.clear();
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  async #connect(): Promise<void> {
    this.#hangUp();
    const attempt = this.#attempt;
    this.#set("connecting");
    this.#wait(PATIENCE);
    try {
      const ticket = await this.#wires.ticket();
      if (attempt === this.#attempt) this.#dial(ticket);
    } catch (error) {
      if (attempt === this.#attempt) this.#noTicket(error);
    }
  }

  #dial(ticket: Ticket): void {
    const socket = this.#wires.socket(ticket.room);
    this.#socket = socket;
    socket.onopen = () => {
      this.#helloAt = Date.now();
      const since = this.#seq === null ? {} : { since: this.#seq };
      this.#say({ type: "hello", ticket: ticket.ticket, seal: this.#wires.seal, ...since });
    };
    socket.onmessage = (event: MessageEvent<unknown>) => this.#hear(event.data);
    socket.onclose = (event: CloseEvent) => this.#lost(closeName(event.code));
  }

  #noTicket(error: unknown): void {
    const status = error instanceof HttpError ? error.status : 0;
    if (status === 404) return this.stop("unknown-meeting");
    if (status === 410) return this.stop("expired");
    const refused = status >= 400 && status < 500 && status !== 408 && status !== 429;
    if (!refused) return this.#later();
    // Perhaps the server doesn't know this device any more, because its secret is new.
    this.#wires.forget();
    this.#ticketTries += 1;
    if (this.#ticketTries > 1) this.stop("ticket-refused");
    else void this.#connect();
  }

  #lost(reason: CloseCode | null): void {
    const steady = this.#status === "open" && Date.now() - this.#openedAt > STEADY;
    if (steady) this.#failures = this.#faults = 0;
    this.#hangUp();
    if (reason && FINAL.has(reason)) return this.stop(reason);
    if (reason && TICKET.has(reason)) return this.#newTicket(reason);
    if (reason && FAULT.has(reason)) {
      this.#faults += 1;
      // What was sent twice and unanswered twice may be what the room can't read: don't send it a third time.
      this.#outbox.refuse("frame-refused", 2);
      if (this.#faults >= FAULTS_BORNE) return this.stop(reason);
    }
    this.#later(reason === "restarting" && steady ? MOVING_DELAY : FIRST_DELAY);
  }

  #newTicket(reason: CloseCode): void {
    this.#ticketTries += 1;
    if (this.#ticketTries > 1) return this.stop(reason);
    if (reason !== "ticket-expired") this.#wires.forget();
    void this.#connect();
  }

  #later(first = FIRST_DELAY): void {
    this.#hangUp();
    this.#set("connecting");
    const delay = Math.min(LONGEST_DELAY, first * 2 ** this.#failures);
    // From the half of it on; when a whole server moves, from at once on.
    const least = first === MOVING_DELAY ? 0 : 0.5;
    this.#failures += 1;
    this.#retry = setTimeout(() => void this.#connect(), delay * (least + this.#wires.random() * (1 - least)));
  }

  /** Gives up on this line when nothing is heard for so long. */
  #wait(patience: number): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#lost(null), patience);
  }

  #say(message: Received): void {
    try {
      this.#socket?.send(JSON.stringify(message));
    } catch {
      // The line is gone; its close follows.
    }
  }

  #deliver(entry: Entry): void {
    this.#outbox.tried(entry.id);
    this.#say({ type: "do", id: entry.id, command: entry.command, bodies: entry.bodies });
    this.#expect();
  }

  /** Someone waits for an answer: a line that died unnoticed is found out before the next ping. */
  #expect(): void {
    this.#late ??= setTimeout(() => {
      this.#late = undefined;
      if (this.#outbox.entries.length > 0 && this.#pings.size === 0) this.#ping(SHORT_PATIENCE);
    }, ANSWER_WITHIN);
  }

  #ping(patience: number): void {
    this.#pingNumber += 1;
    this.#pings.set(this.#pingNumber, Date.now());
    this.#say({ type: "ping", n: this.#pingNumber });
    this.#wait(patience);
  }

  #hear(data: unknown): void {
    if (typeof data !== "string") return;
    const message = JSON.parse(data) as Sent;
    switch (message.type) {
      case "welcome":
        return this.#welcomed(message);
      case "facts":
        this.#seq = message.seq;
        return this.#listener.facts(message);
      case "done":
        return this.#outbox.answer(message.id, { ok: true, seq: message.seq });
      case "refused":
        return this.#outbox.answer(message.id, { ok: false, code: refusalCode(message.code) });
      case "pong":
        return this.#ponged(message);
      case "seal":
        return this.#listener.seal(message.format);
      case "trouble":
        // The close frame that follows carries the same code; should it be lost on the way, this one counts.
        if (message.code in CLOSE_CODES) this.#lost(message.code as CloseCode);
    }
  }

  #welcomed(message: Welcome): void {
    clearTimeout(this.#patience);
    this.#ticketTries = 0;
    this.#failures = Math.min(this.#failures, FAILURES_KEPT);
    this.#openedAt = Date.now();
    this.clock.sample(this.#helloAt, this.#openedAt, message.now);
    this.#seq = message.seq;
    this.#listener.seal(message.seal ?? 1);
    this.#listener.welcome(message);
    this.#set("open");
    this.#pinging = setInterval(() => this.#ping(PATIENCE), PING_EVERY);
    for (const entry of this.#outbox.entries) this.#sendAgain(entry, message.seq);
  }

  #sendAgain(entry: Entry, seq: number): void {
    const verdict = this.#listener.again(entry);
    if (verdict === "send") this.#deliver(entry);
    else if (verdict === "done") this.#outbox.answer(entry.id, { ok: true, seq });
    else this.#outbox.answer(entry.id, { ok: false, code: "phase-over" });
  }

  #ponged(message: Pong): void {
    const sent = this.#pings.get(message.n);
    if (sent === undefined) return;
    this.#pings.delete(message.n);
    if (this.#pings.size === 0) clearTimeout(this.#patience);
    this.clock.sample(sent, Date.now(), message.now);
  }
}
