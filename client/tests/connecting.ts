// A connection between a fake room and listeners that write down what they are told.
import { vi } from "vitest";
import type { EndCode } from "../src/protocol/codes.ts";
import type { Command, FactsMessage, Welcome } from "../src/protocol/index.ts";
import { Connection, type Obstacle, type Status } from "../src/transport/connection.ts";
import { type Entry, Outbox } from "../src/transport/outbox.ts";
import { FakeRoom, Memory } from "./room.ts";

export const NOW = 1_800_000_000_000;

export function entryOf(id: string, command: Command = { type: "pause" }): Entry {
  return { id, command, bodies: {}, phase: null, draft: null, tries: 0 };
}

export function welcomeOf(seq: number, now = NOW): Welcome {
  return { type: "welcome", seq, now, seat: null, table: false };
}

export class Setting {
  readonly room = new FakeRoom();
  readonly storage = new Memory();
  readonly statuses: (Status | EndCode)[] = [];
  readonly messages: (Welcome | FactsMessage)[] = [];
  readonly formats: number[] = [];
  readonly obstacles: (Obstacle | null)[] = [];
  readonly answered: string[] = [];
  forgotten = 0;
  verdict: "send" | "done" | "over" = "send";
  readonly outbox = new Outbox(this.storage, "box", (entry) => this.answered.push(entry.id));
  readonly connection = new Connection(
    { ticket: this.room.ticket, forget: this.#forget.bind(this), socket: this.room.socket, random: () => 1, seal: 2 },
    this.outbox,
    {
      status: (status, ended) => this.statuses.push(ended ?? status),
      obstacle: (obstacle) => this.obstacles.push(obstacle),
      welcome: (message) => this.messages.push(message),
      facts: (message) => this.messages.push(message),
      seal: (format) => this.formats.push(format),
      devices: () => undefined,
      resend: () => this.verdict,
    },
  );

  #forget(): void {
    this.forgotten += 1;
  }

  /** From nothing to an open line. */
  async open(seq = 1): Promise<void> {
    this.connection.start();
    await this.answerDial(seq);
  }

  async answerDial(seq = 1): Promise<void> {
    await vi.advanceTimersByTimeAsync(0);
    this.room.line.open();
    this.room.line.deliver(welcomeOf(seq));
  }
}
