// A knock in trouble: pages that are left, buttons that are pressed twice, a code that ends meanwhile, and a server with keys of its own.
import { describe, expect, test, vi } from "vitest";
import { decode, encode } from "../crypto/encoding.ts";
import { Fellow, type Message, Newcomer } from "../crypto/voice.ts";
import { HttpError } from "../transport/api.ts";
import { FellowKnock } from "./fellow.ts";
import { NewcomerKnock } from "./newcomer.ts";
import type { Heard, Line } from "./relay.ts";
import { whyOf } from "./talking.ts";

const SEATED = { meeting: "k7d2m5qw3xza4bcn6vhj", key: encode(new Uint8Array(32).fill(5)), seat: "snoor5v8k2qa" };
const NOTHING: Heard = { messages: [], next: 1, over: false };

/** A line on which nothing is heard, and what was said on it. */
function silent(): { line: Line; said: string[] } {
  const said: string[] = [];
  const say = async (_since: number, message: Message | null): Promise<Heard> => {
    if (message) said.push(message.what);
    return said.includes("end") ? { ...NOTHING, over: true } : NOTHING;
  };
  return { line: { say }, said };
}

/** Somebody who shows a code, and is told of one knock. */
async function asked(line: Line): Promise<{ fellow: FellowKnock; door: { code: string } }> {
  const first = await (await Newcomer.of({ purpose: "meeting", newcomer: "nsam" })).begin();
  const door = { code: "482913" };
  const port = {
    code: async () => ({ code: door.code, left: 1800 }),
    knocks: async () => ({ code: door.code, knocks: [{ knock: "k1", left: 60, message: first }] }),
    line: () => line,
  };
  const fellow = new FellowKnock(port, SEATED, () => undefined, 1);
  void fellow.show();
  await vi.waitFor(() => expect(fellow.view.step).toBe("asked"));
  return { fellow, door };
}

describe("who sits inside", () => {
  test("need not wait for somebody whose page is gone", async () => {
    const { line, said } = silent();
    const { fellow } = await asked(line);
    void fellow.answer();
    await vi.waitFor(() => expect(said).toEqual(["answer"]));
    expect(fellow.view.step).toBe("waiting");
    fellow.giveUp();
    expect(fellow.view).toMatchObject({ step: "code", code: "482913", why: null });
    expect(said).toEqual(["answer", "end"]);
    fellow.stop();
  });

  test("answers who knocked in time, though the code is good no more", async () => {
    const { line, said } = silent();
    const { fellow, door } = await asked(line);
    door.code = "";
    await new Promise((done) => setTimeout(done, 30));
    expect(fellow.view.step).toBe("asked");
    void fellow.answer();
    await vi.waitFor(() => expect(said).toEqual(["answer"]));
    fellow.stop();
  });

  test.each(["out-of-turn", "expired", "unknown-meeting"] as const)("is not alarmed by %s", (code) => {
    expect(whyOf(new HttpError(409, code))).not.toBe("unsafe");
  });
});

test("an end is not answered by another", async () => {
  const said: (string | undefined)[] = [];
  const say = async (_since: number, message: Message | null): Promise<Heard> => {
    said.push(message?.what);
    return { messages: [{ what: "end" }], next: 2, over: true };
  };
  const newcomer = new NewcomerKnock(
    () => undefined,
    async () => ({ say }),
    1,
  );
  await newcomer.knock("482913");
  expect(newcomer.view).toMatchObject({ step: "failed", why: "nobody" });
  expect(said).toEqual([undefined]);
});

describe("who knocks", () => {
  test("and presses twice knocks once", async () => {
    const { line } = silent();
    const knock = vi.fn(async () => line);
    const newcomer = new NewcomerKnock(() => undefined, knock, 1);
    const both = Promise.all([newcomer.knock("482913"), newcomer.knock("482913")]);
    await vi.waitFor(() => expect(knock).toHaveBeenCalled());
    await new Promise((done) => setTimeout(done, 20));
    expect(knock).toHaveBeenCalledTimes(1);
    newcomer.cancel();
    await both;
  });

  test("and goes away before they are heard may knock anew, and nothing of the first is left", async () => {
    const [one, two] = [silent(), silent()];
    let arrives: (line: Line) => void = () => undefined;
    const lines = [new Promise<Line>((done) => (arrives = done)), Promise.resolve(two.line)];
    const knock = vi.fn(async () => (await lines.shift()) ?? two.line);
    const newcomer = new NewcomerKnock(() => undefined, knock, 1);
    const first = newcomer.knock("482913");
    await vi.waitFor(() => expect(knock).toHaveBeenCalledTimes(1));
    newcomer.cancel();
    void newcomer.knock("482913");
    await vi.waitFor(() => expect(knock).toHaveBeenCalledTimes(2));
    arrives(one.line);
    await first;
    expect(one.said).toEqual(["end"]);
    expect(newcomer.view).toMatchObject({ step: "waiting", why: null });
    newcomer.cancel();
    expect(two.said).toEqual(["end"]);
  });

  test("and went away is told nothing of what became of it", async () => {
    let refuse: (error: Error) => void = () => undefined;
    const never = new Promise<Line>((_, no) => (refuse = no));
    const newcomer = new NewcomerKnock(
      () => undefined,
      () => never,
      1,
    );
    const knocked = newcomer.knock("482913");
    await vi.waitFor(() => expect(newcomer.view.step).toBe("waiting"));
    newcomer.cancel();
    refuse(new HttpError(404, "wrong-code"));
    await knocked;
    expect(newcomer.view).toMatchObject({ step: "code", why: null });
  });
});

test("a server that has a check of its own with either side gets no key, and neither side reads six digits that the other has", async () => {
  const key = decode(SEATED.key);
  const sam = await Newcomer.of({ purpose: "meeting", newcomer: "nsam" });
  const noor = new Fellow({ place: SEATED.meeting, fellow: SEATED.seat, bound: { key } });
  const asSam = await Newcomer.of({ purpose: "meeting", newcomer: "nsam" });
  const forged = new Uint8Array(32).fill(7);
  const asNoor = new Fellow({ place: SEATED.meeting, fellow: SEATED.seat, bound: { key: forged } });

  const answer = await asNoor.receive(await sam.begin());
  await asNoor.receive(await sam.receive(answer));
  const reveal = await asSam.receive(await noor.receive(await asSam.begin()));
  await noor.receive(reveal);
  expect(sam.readAloud).not.toBe(asSam.readAloud);
  // Sam reads out what Sam sees; Noor's device wants what the server's newcomer has.
  expect(await noor.type(sam.readAloud)).toBe("wrong");
  expect(await noor.type(sam.readAloud)).toBe("wrong");
  await expect(noor.type(sam.readAloud)).rejects.toMatchObject({ code: "wrong-digits" });
  expect(noor.readAloud).toBe("");
  // What Noor's device would have given is no use either: the server can't show Sam's receipt, nor Noor's digits.
  await asNoor.type(sam.readAloud);
  await expect(noor.receive({ what: "typed", receipt: encode(forged) })).rejects.toThrow();
  await expect(sam.receive({ what: "box", box: encode(new Uint8Array(80)) })).rejects.toMatchObject({
    code: "out-of-order",
  });
});
