// The connection to the room: it reconnects by itself and loses no command.
import { type CloseCode, closeName, type EndCode, isCloseCode, refusalCode } from "../protocol/codes.ts";
import type { Devices, FactsMessage, Pong, Received, Sent, Welcome } from "../protocol/index.ts";
import { HttpError, type Ticket } from "./api.ts";
import { Clock } from "./clock.ts";
import type { Answer, Entry, Outbox } from "./outbox.ts";

export type Status = "connecting" | "open" | "closed";
/**
 * What stands between this device and the room: nobody answers; somebody else does, such as a sign-on page; WebSockets don't come
 * through; or the server says itself that it can't at the moment.
 */
export type Obstacle = "offline" | "portal" | "socket" | "server";
export type SocketLike = Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">;

/** What the connection needs from outside. */
export interface Environment {
  /** A ticket for one connection; rejects with `HttpError` where the server says no. */
  ticket(): Promise<Ticket>;
  /** Forget the device token, which the server no longer accepts. */
  forget(): void;
  socket(path: string): SocketLike;
  random(): number;
  /** The newest format of sealed bodies that this device reads. */
  readonly seal: number;
}

/** Handlers. `welcome` and `facts` are handled before commands are sent again. */
export interface Listener {
  status(status: Status, ended: EndCode | null): void;
  /** Why there is no connection, as far as can be told; `null` when there is one. */
  obstacle(obstacle: Obstacle | null): void;
  welcome(message: Welcome): void;
  facts(message: FactsMessage): void;
  /** The newest format of sealed bodies that everybody in the room reads has changed. */
  seal(format: number): void;
  /** How many devices listen besides those that the view shows; none after a welcome, until it says so. */
  devices(message: Devices): void;
  /** What to do, after a new welcome, with a command that was never answered. */
  resend(entry: Entry): "send" | "done" | "over";
}

const FIRST_DELAY = 300;
const LONGEST_DELAY = 5_000;
/** When a server says that it restarts, another one is there already, and everybody reconnects at the same time. */
const RESTART_DELAY = 200;
const TIMEOUT = 10_000;
const SHORT_TIMEOUT = 4_000;
const PING_EVERY = 20_000;
const ANSWER_TIMEOUT = 2_000;
const STABLE_AFTER = 5_000;
const MAX_FAULTS = 3;
/** A socket that closes at once may be the server's restart; a second one is no chance. */
const BLOCKED = 2;
const SERVER_ERROR = 500;
/** After a welcome the next delay is short, but not the shortest: a room may crash right after each welcome. */
const FAILURES_KEPT = 1;

const FINAL: ReadonlySet<CloseCode> = new Set([
  "replaced",
  "shown-out",
  "doors-closed",
  "unknown-meeting",
  "full",
  "device-ended",
]);
const TICKET: ReadonlySet<CloseCode> = new Set(["ticket-forged", "ticket-expired", "ticket-elsewhere"]);
const FAULT: ReadonlySet<CloseCode> = new Set([
  "frame-too-large",
  "hello-expected",
  "not-json",
  "unknown-type",
  "bad-shape",
  "not-text",
]);
/** Kring's answers to a request for a ticket that stay what they are, however often it is asked. */
const REFUSED: ReadonlySet<string> = new Set([
  "bad-request",
  "bad-json",
  "bad-shape",
  "json-expected",
  "other-origin",
  "too-large",
  "wrong-method",
]);

type Timer = ReturnType<typeof setTimeout>;

/** What an error on the way to a ticket says of the way. */
function obstacleOf(error: unknown): Obstacle {
  if (!(error instanceof HttpError)) return "offline";
  return error.code !== "" || error.status >= SERVER_ERROR ? "server" : "portal";
}

/** A message of the room's; `null` for what is none: somebody else is on the line. */
function readMessage(data: unknown): Sent | null {
  try {
    const message = typeof data === "string" ? (JSON.parse(data) as Sent | null) : null;
    return typeof message?.type === "string" ? message : null;
  } catch {
    return null;
  }
}

export class Connection {
  readonly clock = new Clock();
  readonly #environment: Environment;
  readonly #listener: Listener;
  readonly #outbox: Outbox;
  #status: Status = "closed";
  #socket: SocketLike | null = null;
  #seq: number | null = null;
  /** Whether one wants to knock, and whether the last `hello` did. */
  #knock = false;
  #knocked = false;
  #mayKnock = false;
  /** Rises with each attempt, so that late answers to an earlier one are ignored. */
  #attempt = 0;
  #failures = 0;
  #ticketTries = 0;
  #faults = 0;
  /** Sockets in a row that brought no welcome. */
  #blocked = 0;
  #openedAt = 0;
  #helloAt = 0;
  #timedOut = false;
  #pings = new Map<number, number>();
  #pingNumber = 0;
  #retryTimer: Timer | undefined;
  #timeout: Timer | undefined;
  #pingTimer: Timer | undefined;
  #answerTimer: Timer | undefined;

  constructor(environment: Environment, outbox: Outbox, listener: Listener) {
    this.#environment = environment;
    this.#outbox = outbox;
    this.#listener = listener;
  }

  get status(): Status {
    return this.#status;
  }

  /** Whether one may knock at the doors that were closed. */
  get mayKnock(): boolean {
    return this.#mayKnock;
  }

  /** Connects, also after the connection had ended. `knock`: if the doors are closed, those inside are told. */
  start(knock = false): void {
    // Also while it is looking already: then the next time.
    if (knock) this.#knock = this.#mayKnock;
    if (this.#status !== "closed") return;
    this.#failures = this.#ticketTries = this.#faults = 0;
    void this.#connect();
  }

  /** Closes for good with a reason; without one (the page is unloaded) unanswered commands are kept. */
  stop(ended: EndCode | null = null): void {
    this.#disconnect();
    this.#set("closed", ended);
    if (ended) this.#outbox.refuse("connection-ended");
  }

  /** The network changed or the page became visible: check or reconnect at once. */
  wake(): void {
    if (this.#status === "open") this.#ping(SHORT_TIMEOUT);
    else if (this.#retryTimer !== undefined) void this.#connect();
  }

  /** Sends a command now, or as soon as there is a connection. */
  send(entry: Entry): Promise<Answer> {
    const answer = this.#outbox.add(entry);
    if (this.#status === "open") this.#sendCommand(entry);
    return answer;
  }

  /** Says something that matters only now, and is not answered. */
  tell(message: Received): void {
    if (this.#status === "open") this.#send(message);
  }

  #set(status: Status, ended: EndCode | null = null): void {
    this.#status = status;
    this.#listener.status(status, ended);
  }

  #disconnect(): void {
    this.#attempt += 1;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#timeout);
    clearTimeout(this.#answerTimer);
    clearInterval(this.#pingTimer);
    this.#retryTimer = this.#timeout = this.#pingTimer = this.#answerTimer = undefined;
    this.#pings.clear();
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  async #connect(): Promise<void> {
    this.#disconnect();
    const attempt = this.#attempt;
    this.#set("connecting");
    this.#startTimeout(TIMEOUT);
    try {
      const ticket = await this.#environment.ticket();
      if (attempt === this.#attempt) this.#openSocket(ticket);
    } catch (error) {
      if (attempt === this.#attempt) this.#noTicket(error);
    }
  }

  #openSocket(ticket: Ticket): void {
    const socket = this.#environment.socket(ticket.room);
    this.#socket = socket;
    socket.onopen = () => {
      this.#helloAt = this.clock.local();
      const since = this.#seq === null ? {} : { since: this.#seq };
      this.#knocked = this.#knock;
      const knock = this.#knock ? { knock: true } : {};
      this.#send({ type: "hello", ticket: ticket.ticket, seal: this.#environment.seal, ...since, ...knock });
    };
    socket.onmessage = (event: MessageEvent<unknown>) => this.#receive(event.data);
    socket.onclose = (event: CloseEvent) => this.#disconnected(closeName(event.code, event.reason));
  }

  #noTicket(error: unknown): void {
    const code = error instanceof HttpError ? error.code : "";
    this.#listener.obstacle(obstacleOf(error));
    if (code === "unknown-meeting" || code === "expired" || code === "wrong-key") return this.stop(code);
    if (REFUSED.has(code)) return this.stop("ticket-refused");
    if (code !== "bad-token") return this.#scheduleRetry();
    // The server doesn't know this device any more, because its secret is new.
    this.#environment.forget();
    this.#ticketTries += 1;
    if (this.#ticketTries > 1) this.stop("ticket-refused");
    else void this.#connect();
  }

  #disconnected(reason: CloseCode | null): void {
    const stable = this.#status === "open" && this.clock.local() - this.#openedAt > STABLE_AFTER;
    if (stable) this.#failures = this.#faults = 0;
    if (this.#status === "connecting" && !reason) this.#hindered();
    this.#disconnect();
    if (reason && FINAL.has(reason)) return this.stop(reason);
    if (reason && TICKET.has(reason)) return this.#newTicket(reason);
    if (reason && FAULT.has(reason)) {
      this.#faults += 1;
      // A command that was sent twice without an answer may be what the room can't read: don't send it a third time.
      this.#outbox.refuse("frame-refused", 2);
      if (this.#faults >= MAX_FAULTS) return this.stop(reason);
    }
    this.#scheduleRetry(reason === "restarting" && stable ? RESTART_DELAY : FIRST_DELAY);
  }

  /** This attempt came to nothing, and nobody said why. */
  #hindered(): void {
    if (!this.#socket) return this.#listener.obstacle("offline");
    this.#blocked += 1;
    if (this.#blocked >= BLOCKED || this.#timedOut) this.#listener.obstacle("socket");
  }

  #newTicket(reason: CloseCode): void {
    this.#ticketTries += 1;
    if (this.#ticketTries > 1) return this.stop(reason);
    if (reason !== "ticket-expired") this.#environment.forget();
    void this.#connect();
  }

  #scheduleRetry(first = FIRST_DELAY): void {
    this.#disconnect();
    this.#set("connecting");
    const delay = Math.min(LONGEST_DELAY, first * 2 ** this.#failures);
    // At least half of it; after a restart of the server, from zero on.
    const least = first === RESTART_DELAY ? 0 : 0.5;
    this.#failures += 1;
    this.#retryTimer = setTimeout(
      () => void this.#connect(),
      delay * (least + this.#environment.random() * (1 - least)),
    );
  }

  /** Drops this connection when nothing is received for so long. */
  #startTimeout(patience: number): void {
    clearTimeout(this.#timeout);
    this.#timedOut = false;
    this.#timeout = setTimeout(() => {
      this.#timedOut = true;
      this.#disconnected(null);
    }, patience);
  }

  #send(message: Received): void {
    try {
      this.#socket?.send(JSON.stringify(message));
    } catch {
      // The socket is closed; its close event follows.
    }
  }

  #sendCommand(entry: Entry): void {
    this.#outbox.tried(entry.id);
    this.#send({ type: "do", id: entry.id, command: entry.command, bodies: entry.bodies });
    this.#awaitAnswer();
  }

  /** Pings when an answer is late, to detect a dead connection before the next regular ping. */
  #awaitAnswer(): void {
    this.#answerTimer ??= setTimeout(() => {
      this.#answerTimer = undefined;
      if (this.#outbox.entries.length > 0 && this.#pings.size === 0) this.#ping(SHORT_TIMEOUT);
    }, ANSWER_TIMEOUT);
  }

  #ping(patience: number): void {
    this.#pingNumber += 1;
    this.#pings.set(this.#pingNumber, this.clock.local());
    this.#send({ type: "ping", n: this.#pingNumber });
    this.#startTimeout(patience);
  }

  #receive(data: unknown): void {
    const message = readMessage(data);
    if (!message) return this.#disconnected(null);
    switch (message.type) {
      case "welcome":
        return this.#receiveWelcome(message);
      case "facts":
        this.#seq = message.seq;
        return this.#listener.facts(message);
      case "done":
        return this.#outbox.answer(message.id, { ok: true, seq: message.seq });
      case "refused":
        return this.#outbox.answer(message.id, { ok: false, code: refusalCode(message.code) });
      case "pong":
        return this.#receivePong(message);
      case "seal":
        return this.#listener.seal(message.format);
      case "devices":
        return this.#listener.devices(message);
      case "trouble":
        this.#mayKnock = message.knock ?? false;
        this.#knock &&= this.#mayKnock && !this.#knocked;
        // The close frame that follows has the same code, but may get lost.
        if (isCloseCode(message.code)) this.#disconnected(message.code);
    }
  }

  #receiveWelcome(message: Welcome): void {
    clearTimeout(this.#timeout);
    this.#ticketTries = this.#blocked = 0;
    this.#knock = this.#mayKnock = false;
    this.#failures = Math.min(this.#failures, FAILURES_KEPT);
    this.#openedAt = this.clock.local();
    this.#listener.obstacle(null);
    this.clock.sample(this.#helloAt, this.#openedAt, message.now);
    this.#seq = message.seq;
    this.#listener.seal(message.seal ?? 1);
    this.#listener.welcome(message);
    this.#set("open");
    this.#pingTimer = setInterval(() => this.#ping(TIMEOUT), PING_EVERY);
    for (const entry of this.#outbox.entries) this.#sendAgain(entry, message.seq);
  }

  #sendAgain(entry: Entry, seq: number): void {
    const verdict = this.#listener.resend(entry);
    if (verdict === "send") this.#sendCommand(entry);
    else if (verdict === "done") this.#outbox.answer(entry.id, { ok: true, seq });
    else this.#outbox.answer(entry.id, { ok: false, code: "phase-over" });
  }

  #receivePong(message: Pong): void {
    const sent = this.#pings.get(message.n);
    if (sent === undefined) return;
    this.#pings.delete(message.n);
    if (this.#pings.size === 0) clearTimeout(this.#timeout);
    this.clock.sample(sent, this.clock.local(), message.now);
  }
}
