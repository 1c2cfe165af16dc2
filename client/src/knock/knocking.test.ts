// Both sides of a knock over a line that keeps what the server keeps: what was said, in order, each thing once.
import { describe, expect, test, vi } from "vitest";
import { encode } from "../crypto/encoding.ts";
import type { Message } from "../crypto/voice.ts";
import { HttpError } from "../transport/api.ts";
import { FellowKnock } from "./fellow.ts";
import { NewcomerKnock } from "./newcomer.ts";
import type { AtTheDoor, Heard, Line } from "./relay.ts";

const KEY = encode(new Uint8Array(32).fill(5));
const OTHER = encode(new Uint8Array(32).fill(6));
const SEATED = { meeting: "k7d2m5qw3xza4bcn6vhj", key: KEY, seat: "snoor5v8k2qa" };
type Side = "newcomer" | "fellow";

class Server {
  readonly said: { by: Side; message: Message }[] = [];
  over = false;
  stopped = false;
  looks = 0;
  /** What becomes of a message on its way. */
  changes: (message: Message) => Message = (message) => message;
  /** How many answers from now on are lost on their way, though what was said arrived. */
  loses = 0;

  line(by: Side): Line {
    return { say: async (since, message) => this.#say(by, since, message) };
  }

  #say(by: Side, since: number, message: Message | null): Heard {
    const again = message && this.said.some((one) => one.by === by && one.message.what === message.what);
    if (message && !again) {
      if (this.over) throw new HttpError(410, "knock-over");
      if (message.what === "end") this.over = true;
      else this.said.push({ by, message: this.changes(message) });
    }
    if (message && this.loses > 0) {
      this.loses -= 1;
      throw new TypeError("the network");
    }
    const messages = this.said.slice(since).filter((one) => one.by !== by);
    return { messages: messages.map((one) => one.message), next: this.said.length, over: this.over };
  }

  readonly knock = async (_code: string, message: Message): Promise<Line> => {
    this.said.push({ by: "newcomer", message: this.changes(message) });
    return this.line("newcomer");
  };

  readonly door = {
    code: async (live: boolean) => {
      this.stopped = !live;
      return live ? { code: "482913", left: 1800 } : { code: "", left: 0 };
    },
    knocks: async (): Promise<AtTheDoor> => {
      this.looks += 1;
      const first = this.said[0];
      const knocks = first && !this.over ? [{ knock: "k1", left: 60, message: first.message }] : [];
      return { code: this.stopped ? "" : "482913", knocks };
    },
    line: () => this.line("fellow"),
  };
}

interface Pair {
  readonly server: Server;
  readonly newcomer: NewcomerKnock;
  readonly fellow: FellowKnock;
}

/** Somebody shows a code, somebody knocks by it. */
async function knocked(prepare: (server: Server) => void = () => undefined): Promise<Pair> {
  const server = new Server();
  prepare(server);
  const fellow = new FellowKnock(server.door, SEATED, () => undefined, 1);
  const newcomer = new NewcomerKnock(() => undefined, server.knock, 1);
  void fellow.show();
  await vi.waitFor(() => expect(fellow.view.code).toBe("482913"));
  void newcomer.knock("482913");
  await vi.waitFor(() => expect(fellow.view.step).toBe("asked"));
  return { server, newcomer, fellow };
}

/** And it was answered: the newcomer reads, the other types. */
async function answered(prepare?: (server: Server) => void): Promise<Pair> {
  const pair = await knocked(prepare);
  void pair.fellow.answer();
  await vi.waitFor(() => expect(pair.fellow.view.step).toBe("typing"));
  return pair;
}

const wrong = (digits: string): string => digits.replace(/^./, (digit) => String((Number(digit) + 1) % 10));

describe("a knock", () => {
  test("ends with the key behind the # of the meeting's address, once both have typed", async () => {
    const { newcomer, fellow, server } = await answered();
    expect(newcomer.view.nine).toMatch(/^\d{9}$/);
    await fellow.type(newcomer.view.nine);
    expect(fellow.view.six).toMatch(/^\d{6}$/);
    await newcomer.type(fellow.view.six);
    await vi.waitFor(() => expect(newcomer.view).toMatchObject({ step: "in", to: `/m/${SEATED.meeting}#k=${KEY}` }));
    await vi.waitFor(() => expect(fellow.view.step).toBe("handed"));
    expect(JSON.stringify(server.said)).not.toContain(KEY);
    fellow.next();
    // The door shows for minutes who has come in by it: nobody knocks twice.
    const looks = server.looks;
    await vi.waitFor(() => expect(server.looks).toBeGreaterThan(looks + 2));
    expect(fellow.view).toMatchObject({ step: "code", code: "482913" });
    fellow.stop();
  });

  test("goes on when answers are lost on their way", async () => {
    const { newcomer, fellow, server } = await answered();
    await fellow.type(newcomer.view.nine);
    server.loses = 2;
    await newcomer.type(fellow.view.six);
    await vi.waitFor(() => expect(newcomer.view.step).toBe("in"), { timeout: 8000 });
    await vi.waitFor(() => expect(fellow.view.step).toBe("handed"), { timeout: 8000 });
    fellow.stop();
  });

  test("is let go by who does not know them", async () => {
    const { newcomer, fellow } = await knocked();
    fellow.decline();
    await vi.waitFor(() => expect(newcomer.view).toMatchObject({ step: "failed", why: "nobody" }));
    expect(fellow.view.step).toBe("code");
    fellow.stop();
  });

  test("is over for both when the one who knocked goes away", async () => {
    const { newcomer, fellow } = await answered();
    newcomer.cancel();
    expect(newcomer.view).toMatchObject({ step: "code", why: null });
    await vi.waitFor(() => expect(fellow.view).toMatchObject({ step: "failed", why: "over" }));
    fellow.stop();
  });

  test("says so of one wrong typing, and ends after three, for both", async () => {
    const { newcomer, fellow } = await answered();
    const right = newcomer.view.nine;
    await fellow.type(wrong(right));
    expect(fellow.view).toMatchObject({ step: "typing", wrong: true, six: "" });
    await fellow.type(wrong(right));
    await fellow.type(wrong(right));
    expect(fellow.view).toMatchObject({ step: "failed", why: "digits" });
    await vi.waitFor(() => expect(newcomer.view).toMatchObject({ step: "failed", why: "over" }));
    fellow.stop();
  });

  test("shows the newcomer that it was not what was read out", async () => {
    const { newcomer, fellow } = await answered();
    await fellow.type(newcomer.view.nine);
    await newcomer.type(wrong(fellow.view.six));
    expect(newcomer.view).toMatchObject({ step: "reading", wrong: true });
    await newcomer.type(fellow.view.six);
    await vi.waitFor(() => expect(newcomer.view.step).toBe("in"));
    fellow.stop();
  });
});

describe("whoever stands between", () => {
  test("and reveals other keys than were committed to is seen at once", async () => {
    const { fellow, newcomer } = await knocked((server) => {
      server.changes = (one) => (one.what === "reveal" ? { ...one, nonce: OTHER } : one);
    });
    void fellow.answer();
    await vi.waitFor(() => expect(fellow.view).toMatchObject({ step: "failed", why: "unsafe" }));
    await vi.waitFor(() => expect(newcomer.view.step).toBe("failed"));
    fellow.stop();
  });

  test.each(["nonce", "bound"])("and answers with another %s makes other digits of it", async (part) => {
    const { newcomer, fellow } = await answered((server) => {
      server.changes = (one) => (one.what === "answer" ? { ...one, [part]: OTHER } : one);
    });
    await fellow.type(newcomer.view.nine);
    expect(fellow.view).toMatchObject({ step: "typing", wrong: true, six: "" });
    fellow.stop();
  });

  test("and changes the box gives nobody a key", async () => {
    const { newcomer, fellow } = await answered((server) => {
      server.changes = (one) => (one.what === "box" ? { ...one, box: encode(new Uint8Array(80).fill(1)) } : one);
    });
    await fellow.type(newcomer.view.nine);
    await newcomer.type(fellow.view.six);
    await vi.waitFor(() => expect(newcomer.view).toMatchObject({ step: "failed", why: "unsafe", to: "" }));
    fellow.stop();
  });
});

describe("a code", () => {
  test.each(["wrong-code", "too-many", "too-many-knocks"] as const)("that is refused with %s says so", async (code) => {
    const refuse = async (): Promise<Line> => {
      throw new HttpError(404, code);
    };
    const newcomer = new NewcomerKnock(() => undefined, refuse, 1);
    await newcomer.knock("000000");
    expect(newcomer.view).toMatchObject({ step: "code", why: code });
  });

  test("that can't be asked for because nobody answers says so", async () => {
    const newcomer = new NewcomerKnock(
      () => undefined,
      async () => Promise.reject(new TypeError("no network")),
      1,
    );
    await newcomer.knock("000000");
    expect(newcomer.view).toMatchObject({ step: "code", why: "network" });
  });

  test("is stopped with whatever it led to", async () => {
    const { newcomer, fellow, server } = await answered();
    fellow.stop();
    expect(fellow.view.step).toBe("off");
    expect(server.stopped).toBe(true);
    await vi.waitFor(() => expect(newcomer.view).toMatchObject({ step: "failed", why: "over" }));
  });

  test("that was stopped before it came is good for nothing", async () => {
    const server = new Server();
    const fellow = new FellowKnock(server.door, SEATED, () => undefined, 1);
    const shown = fellow.show();
    fellow.stop();
    await shown;
    expect(server.stopped).toBe(true);
    expect(fellow.view).toMatchObject({ step: "off", code: "", why: null });
  });

  test("that somebody else inside stopped is shown no longer", async () => {
    const server = new Server();
    const fellow = new FellowKnock(server.door, SEATED, () => undefined, 1);
    void fellow.show();
    await vi.waitFor(() => expect(fellow.view.code).toBe("482913"));
    server.stopped = true;
    await vi.waitFor(() => expect(fellow.view).toMatchObject({ step: "off", code: "", why: "over" }));
  });
});
