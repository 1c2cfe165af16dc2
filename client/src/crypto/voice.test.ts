import { DhkemX25519HkdfSha256 } from "@hpke/core";
import { describe, expect, test } from "vitest";
import vectors from "../../../tests/fixtures/voice.json";
import { decode, encode } from "./encoding.ts";
import { CheckEnded, Fellow, type Message, Newcomer } from "./voice.ts";
import { digits, hashOf, type Purpose } from "./voice-transcript.ts";

interface Step {
  readonly do: string;
  readonly message?: Message;
  readonly text?: string;
  readonly gives?: unknown;
  readonly ends?: string;
  readonly state: string;
  readonly nine?: string;
  readonly place?: string;
  readonly six?: string;
  readonly newcomer_keys?: string;
}

const kem = new DhkemX25519HkdfSha256();
const KEY = new Uint8Array(32).fill(7);

async function newcomerOf(row: (typeof vectors.newcomer)[number]): Promise<Newcomer> {
  const pair = {
    privateKey: await kem.importKey("raw", decode(row.private).buffer, false),
    publicKey: await kem.importKey("raw", decode(row.public).buffer, true),
  };
  const setup = { purpose: row.purpose as Purpose, newcomer: row.newcomer, place: row.place, shown: decode(row.shown) };
  return Newcomer.of(setup, { nonce: decode(row.nonce), receipt: decode(row.receipt), pair });
}

function fellowOf({ place, fellow, key, head, nonce }: (typeof vectors.fellow)[number]): Fellow {
  return new Fellow({ place, fellow, bound: key ? { key: decode(key) } : { head: decode(head) } }, decode(nonce));
}

/** What a step gave, as the vectors have it; of a box that was just sealed only that it is one. */
function shown(gave: unknown): unknown {
  if (gave instanceof Uint8Array) return { key: encode(gave) };
  if (typeof gave === "object" && gave !== null && "box" in gave) return { what: "box" };
  return gave;
}

async function goThrough(side: Newcomer | Fellow, step: Step): Promise<void> {
  const act = (): Promise<unknown> => {
    if (step.do === "begin") return (side as Newcomer).begin();
    return step.do === "type" ? side.type(step.text ?? "") : side.receive(step.message);
  };
  if (step.ends) {
    const error = await act().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CheckEnded);
    expect(error).toMatchObject({ code: step.ends });
  } else expect(shown(await act())).toEqual(step.gives ?? null);
  expect(side.state).toBe(step.state);
  expect(side.readAloud).toBe(step.nine ?? step.six);
  if (side instanceof Newcomer) expect(side.place).toBe(step.place);
  else expect(encode(side.newcomerKeys)).toBe(step.newcomer_keys);
}

describe("vectors of the check by voice, shared with Python", () => {
  test.each(vectors.transcripts)("a transcript comes to $nine and $six", async (row) => {
    const seen = {
      purpose: row.purpose as Purpose,
      place: row.place,
      newcomer: row.newcomer,
      fellow: row.fellow,
      bound: decode(row.bound),
      nonce: decode(row.nonce),
      keys: decode(row.keys),
      answerNonce: decode(row.answer_nonce),
    };
    const hash = await hashOf(seen);
    expect(encode(hash)).toBe(row.hash);
    expect(await digits(hash, 9)).toBe(row.nine);
    expect(await digits(hash, 6)).toBe(row.six);
  });

  test.each(vectors.newcomer)("newcomer: $why", async (row) => {
    const side = await newcomerOf(row);
    for (const step of row.steps as Step[]) await goThrough(side, step);
  });

  test.each(vectors.fellow)("fellow: $why", async (row) => {
    const side = fellowOf(row);
    for (const step of row.steps as Step[]) await goThrough(side, step);
  });
});

async function both(): Promise<[Newcomer, Fellow]> {
  const newcomer = await Newcomer.of({ purpose: "meeting", newcomer: "nknock" });
  return [newcomer, new Fellow({ place: "m1", fellow: "s1", bound: { key: KEY } })];
}

/** Up to where both have digits. */
async function revealed(newcomer: Newcomer, fellow: Fellow): Promise<void> {
  const answer = await fellow.receive(await newcomer.begin());
  await fellow.receive(await newcomer.receive(answer));
}

describe("two browsers", () => {
  test("get the key over when both have typed", async () => {
    const [newcomer, fellow] = await both();
    await revealed(newcomer, fellow);
    expect(await fellow.type(newcomer.readAloud)).toBe("right");
    const [said, typed] = await newcomer.type(fellow.readAloud);
    expect(said).toBe("right");
    const box = await fellow.receive(typed);
    expect(await newcomer.receive(box)).toEqual(KEY);
    expect([newcomer.state, fellow.state]).toEqual(["open", "confirmed"]);
  });

  test("show no digits alike when somebody stands between", async () => {
    const [newcomer, fellow] = await both();
    const [falseNewcomer, falseFellow] = await both();
    await revealed(newcomer, falseFellow);
    await revealed(falseNewcomer, fellow);
    expect(await fellow.type(newcomer.readAloud)).toBe("wrong");
    expect(fellow.readAloud).toBe("");
  });

  test("take a second message that comes while the first is still reckoned for a second one", async () => {
    const [newcomer, fellow] = await both();
    const answer = await fellow.receive(await newcomer.begin());
    const [first, second] = await Promise.allSettled([newcomer.receive(answer), newcomer.receive(answer)]);
    expect(first.status).toBe("fulfilled");
    expect(second).toMatchObject({ status: "rejected", reason: { code: "repeated" } });
    expect(newcomer.readAloud).toBe("");
  });

  test("count three wrong typings though they are sent at once", async () => {
    const [newcomer, fellow] = await both();
    await revealed(newcomer, fellow);
    const wrong = newcomer.readAloud === "123456789" ? "123456780" : "123456789";
    const all = await Promise.allSettled(
      [...Array(3).fill(wrong), newcomer.readAloud].map((text) => fellow.type(text)),
    );
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected"]);
    expect(fellow.why).toBe("wrong-digits");
  });
});
