// A fake room for tests: it hands out sockets and tickets, and sends what a test tells it to.
import { CLOSE_CODES } from "../src/protocol/codes.ts";
import type { Received, Sent } from "../src/protocol/index.ts";
import type { Ticket } from "../src/transport/api.ts";
import type { SocketLike } from "../src/transport/connection.ts";
import type { Store } from "../src/transport/storage.ts";

function nameOf(code: number): string {
  return Object.entries(CLOSE_CODES).find(([, number]) => number === code)?.[0] ?? "";
}

/** A socket, from the room's side. */
export class FakeSocket implements SocketLike {
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  readonly received: Received[] = [];
  hungUp = false;

  send(data: string): void {
    this.received.push(JSON.parse(data) as Received);
  }

  close(): void {
    this.hungUp = true;
  }

  /** What the device asked for on this line. */
  commands(): string[] {
    return this.received.flatMap((message) => (message.type === "do" ? [message.command.type] : []));
  }

  open(): void {
    this.onopen?.call(this as unknown as WebSocket, new Event("open"));
  }

  deliver(message: Sent): void {
    this.say(JSON.stringify(message));
  }

  /** Whatever comes down the line. */
  say(data: string): void {
    const event = new MessageEvent("message", { data });
    this.onmessage?.call(this as unknown as WebSocket, event);
  }

  /** Closed by the room, which says why; or, with an empty reason, by somebody or something in between. */
  cut(code = 1006, reason: string = nameOf(code)): void {
    this.onclose?.call(this as unknown as WebSocket, { code, reason } as CloseEvent);
  }
}

export class FakeRoom {
  readonly sockets: FakeSocket[] = [];
  readonly paths: string[] = [];
  tickets = 0;
  /** Errors for the next requests for a ticket. */
  readonly errors: Error[] = [];

  /** The newest socket. */
  get line(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("nobody has connected");
    return socket;
  }

  ticket = async (): Promise<Ticket> => {
    this.tickets += 1;
    const error = this.errors.shift();
    if (error) throw error;
    return { ticket: `t${this.tickets}`, device_token: "token", room: "/room/m" };
  };

  readonly socket = (path: string): FakeSocket => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    this.paths.push(path);
    return socket;
  };
}

/** Browser storage in memory. */
export class Memory implements Store {
  readonly held = new Map<string, string>();

  get length(): number {
    return this.held.size;
  }

  key(index: number): string | null {
    return [...this.held.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.held.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.held.set(key, value);
  }

  removeItem(key: string): void {
    this.held.delete(key);
  }

  /** Everything as one text, to search for what must not be there. */
  text(): string {
    return JSON.stringify([...this.held]);
  }
}
