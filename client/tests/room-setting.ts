// The room's state between a fake room and a browser's storage in memory.
import { afterEach, vi } from "vitest";
import { LinkKeys, newKey } from "../src/crypto/keys.ts";
import type { Bodies, Do, View, Welcome } from "../src/protocol/index.ts";
import { type Method, readMethod } from "../src/protocol/method.ts";
import type { Environment } from "../src/room/state/environment.ts";
import { type Change, RoomStore } from "../src/room/state/room.svelte.ts";
import { BRAM, MEETING, viewOf } from "./cast.ts";
import { FakeRoom, Memory } from "./room.ts";

export const KEY = newKey();
export const KEYS = new LinkKeys(KEY);
export const METHOD: Method = readMethod({
  id: "linxx-9",
  round: [{ id: "questions", kind: "ask-round", minutes: 10 }],
});

/** Time for sealing and opening, which are asynchronous. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

/** Rooms for the tests of a file, each stopped after its test. */
export function useSettings(): (...parts: ConstructorParameters<typeof Setting>) => Setting {
  const made: Setting[] = [];
  afterEach(() => {
    for (const { room } of made.splice(0)) room.stop();
    vi.restoreAllMocks();
  });
  return (...parts) => {
    const setting = new Setting(...parts);
    made.push(setting);
    return setting;
  };
}

export class Setting {
  readonly server = new FakeRoom();
  readonly changes: Change[] = [];
  readonly room: RoomStore;

  constructor(
    readonly local = new Memory(),
    readonly session = new Memory(),
    fragment = `#k=${KEY}`,
    more: Partial<Environment> = {},
  ) {
    this.room = new RoomStore({
      meeting: MEETING,
      practice: false,
      table: false,
      fragment,
      environment: {
        local,
        session,
        socket: this.server.socket,
        ticket: this.server.ticket,
        method: async () => METHOD,
        ...more,
      },
    });
    this.room.listen((change) => this.changes.push(change));
  }

  async open(view: View = viewOf(), bodies: Bodies = {}): Promise<this> {
    this.room.start();
    await settle();
    return this.welcomed({ view, bodies });
  }

  async welcomed(more: Partial<Welcome> = {}): Promise<this> {
    this.server.line.open();
    const welcome = { type: "welcome", seq: 5, now: Date.now(), seat: BRAM, table: false, view: viewOf() } as const;
    this.server.line.deliver({ ...welcome, ...more });
    await settle();
    return this;
  }

  /** The latest command that the room received. */
  get asked(): Do {
    const asked = this.server.line.received.filter((message) => message.type === "do").at(-1);
    if (asked?.type !== "do") throw new Error("nothing was asked");
    return asked;
  }
}
