import { describe, expect, it } from "vitest";
import type { PhaseView, SeatView, View } from "../../protocol/index.ts";
import { type Method, readMethod } from "../../protocol/method.ts";
import { reasonOf } from "./outcome.ts";
import {
  absence,
  chooserOf,
  chosenOf,
  clock,
  endedSince,
  grouped,
  leftTogether,
  listed,
  missing,
  owing,
  partOf,
  phaseId,
  progress,
  promptFor,
  reworded,
  slotsOf,
  stops,
  turnBefore,
  turnsUntil,
  words,
  written,
} from "./selectors.ts";
import { item, LEADER, makeView, OWNER, slot } from "./stories/views.ts";

const text = (en: string) => ({ en });
const prompt = (en: string) => ({ do: text(en) });
const method: Method = readMethod({
  kring: 1,
  id: "small",
  name: text("Small"),
  summary: text(""),
  source: [],
  group: { min: 4, max: 8 },
  minutes: 30,
  level: [],
  advice: "late",
  opening: [
    { id: "bring", kind: "collect", name: text("Bring"), minutes: 5, prompts: { participant: prompt("write") } },
  ],
  round: [
    {
      id: "ask",
      kind: "ask-round",
      name: text("Ask"),
      minutes: 10,
      gives: [{ who: "participant", what: "question", least: 1, turns: "circle", reply: {} }],
      prompts: {
        owner: prompt("answer"),
        participant: prompt("think"),
        speaker: prompt("ask"),
        facilitator: prompt("guard"),
        coach: prompt("coach"),
      },
    },
    { id: "ways", kind: "silence", name: text("Ways"), minutes: 10, runs: "module", prompts: {} },
  ],
  closing: [{ id: "end", kind: "evaluate", name: text("End"), minutes: 5, prompts: {} }],
  modules: {
    walk: {
      name: text("Walk"),
      summary: text(""),
      phases: [{ id: "step", kind: "silence", name: text("Step"), minutes: 5, prompts: {} }],
    },
  },
});

function view(more: Partial<Parameters<typeof makeView>[0]> = {}): View {
  return makeView({ method, phase: "ask", who: "snoor0000", ...more });
}
const step = method.round[0] as Method["round"][number];
const said = (told: View, who: string) =>
  promptFor(step, told, told.seats.find((seat) => seat.id === who) ?? null)?.do.en;
const floor = (seat: string, what: string) => ({ seat, what, owed: true, next: ["sjoost000", "snoor0000"] });

describe("the prompt", () => {
  it("is the speaker's on one's own floor, else the role's", () => {
    expect(said(view({ floor: floor("snoor0000", "question") }), "snoor0000")).toBe("ask");
    expect(said(view({ floor: floor("samal0000", "question") }), "snoor0000")).toBe("think");
    expect(said(view(), LEADER)).toBe("guard");
  });

  it("stays the case owner's while they answer", () => {
    expect(said(view({ floor: floor(OWNER, "answer") }), OWNER)).toBe("answer");
  });

  it("is that of a role of the method where it has words for it", () => {
    const told = view({
      seats: (seat) => (seat.id === "samal0000" ? { ...seat, roles: ["participant", "coach"] } : seat),
    });
    expect(said(told, "samal0000")).toBe("coach");
  });
});

describe("turns and tasks", () => {
  it("counts who is before me", () => {
    const told = view({ floor: floor("samal0000", "question") });
    expect(turnsUntil(told, "sjoost000")).toBe(0);
    expect(turnsUntil(told, "snoor0000")).toBe(1);
    expect(turnsUntil(told, OWNER)).toBe(-1);
  });

  it("names who comes before me, never the case owner who only answers in between", () => {
    const told = view({ floor: { ...floor("samal0000", "question"), next: [OWNER, "sjoost000", OWNER, "snoor0000"] } });
    expect(turnBefore(told, "snoor0000")).toBe("sjoost000");
    expect(turnBefore(told, "sjoost000")).toBe("samal0000");
    const answering = view({ floor: { ...floor(OWNER, "answer"), next: ["sjoost000"] } });
    expect(turnBefore(answering, "sjoost000")).toBeNull();
  });

  it("names whom all wait for, each once and never oneself", () => {
    const desk = [
      slot("snoor0000", "rating"),
      slot(OWNER, "rating", { given: 1, least: 2 }),
      slot(OWNER, "note"),
      slot("samal0000", "rating", { passed: true }),
      slot("sbram0000", "action", { least: 0 }),
      slot("sjoost000", "vote"),
    ];
    expect(owing(view({ desk }), "snoor0000")).toEqual([OWNER]);
    expect(owing(view({ desk }), null)).toEqual(["snoor0000", OWNER]);
  });

  it("names nobody whom the meeting does not wait for, and nothing that was passed as owed", () => {
    const desk = [slot("snoor0000", "rating", { least: 2, given: 1, owed: 0 }), slot("samal0000", "rating")];
    const away = (seat: SeatView) => (seat.id === "samal0000" ? { ...seat, here: false, awaited: false } : seat);
    expect(owing(view({ desk }), null)).toEqual(["samal0000"]);
    expect(owing(view({ desk, seats: away }), null)).toEqual([]);
  });

  it("tells how many all together may still give, and which part of the step this is", () => {
    const limits = [{ what: "question", most: 12, given: 9 }];
    const phase = view({}).phase as PhaseView;
    const told = view({ more: { limits, phase: { ...phase, part: 1, parts: 3 } } });
    expect(leftTogether(told, "question")).toBe(3);
    expect(leftTogether(told, "remark")).toBeNull();
    expect(leftTogether({ ...told, limits: [{ what: "question", most: 2, given: 2 }] }, "question")).toBe(0);
    expect(partOf(told)).toEqual({ done: 2, of: 3 });
    expect(partOf(view({}))).toBeNull();
    expect(partOf({ ...told, phase: null })).toBeNull();
  });

  it("tells what was chosen of what was given, and who chooses alone", () => {
    const chosen = [
      { what: "theme", items: [7, 2] },
      { what: "question", items: [] },
    ];
    const choice = { options: ["#3"], cast: [], chosen: [], tally: null, because: null };
    const told = view({ more: { chosen, choice } });
    expect(chosenOf(told)).toEqual([{ what: "theme", options: ["#7", "#2"] }]);
    expect(["owner", "facilitator", "vote"].map((by) => chooserOf(told, by))).toEqual([OWNER, LEADER, null]);
    expect(chooserOf({ ...told, round: null }, "owner")).toBeNull();
    expect(chooserOf(view({ leader: null, more: { choice } }), "facilitator")).toBeNull();
    expect(chooserOf({ ...told, choice: { ...choice, because: "nothing" } }, "owner")).toBeNull();
    expect(chooserOf(view({}), "owner")).toBeNull();
  });

  it("counts a pass as done", () => {
    const desk = [
      slot("snoor0000", "question", { passed: true }),
      slot("samal0000", "question", { given: 1 }),
      slot("sbram0000", "question"),
    ];
    expect(progress(view({ desk }), "question")).toEqual({ done: 2, of: 3 });
    expect(progress(view({ desk }), "advice")).toBeNull();
  });

  it("puts my turn first, then what I owe, then what I may", () => {
    const desk = [
      slot("snoor0000", "action", { least: 0 }),
      slot("snoor0000", "remark"),
      slot("snoor0000", "question"),
    ];
    const told = view({ desk, floor: floor("snoor0000", "question") });
    expect(slotsOf(told, "snoor0000", () => true).map((one) => one.what)).toEqual(["question", "remark", "action"]);
    expect(slotsOf(told, "snoor0000", () => false)).toEqual([]);
  });
});

describe("the rail", () => {
  it("tells what is past, now and to come", () => {
    expect(stops(method, view()).map((stop) => stop.when)).toEqual(["past", "now", "next", "next"]);
    expect(stops(method, view({ phase: null })).every((stop) => stop.when === "next")).toBe(true);
  });

  it("puts the chosen way of working in the place where it runs", () => {
    const told = view({ phase: "ways" });
    const running = { ...told, phase: told.phase && { ...told.phase, id: "step", module: "walk" } } as View;
    expect(stops(method, running).map((stop) => stop.phase.id)).toEqual(["bring", "ask", "step", "end"]);
  });

  it("keeps it there when that is over, so that the count of steps stays the same", () => {
    const after = view({ phase: "end", items: [item(1, OWNER, "remark", "round:1:step", "a")] });
    expect(stops(method, after).map((stop) => stop.phase.id)).toEqual(["bring", "ask", "step", "end"]);
  });
});

describe("what was given", () => {
  const items = [
    item(1, "snoor0000", "case", "opening:0:bring", "a", 0),
    item(2, OWNER, "reformulation", "round:1:ask", "b"),
    item(3, OWNER, "reformulation", "round:2:ask", "c", 2),
  ];

  it("is grouped by phase, newest phase first", () => {
    expect(grouped(items).map((group) => [group.phase, group.items.length])).toEqual([
      ["ask", 1],
      ["ask", 1],
      ["bring", 1],
    ]);
    expect(phaseId("round:1:ask:2")).toBe("ask");
  });

  it("finds the new wording of this round only", () => {
    expect(reworded(view({ items }))?.content).toBe("b");
  });

  it("can be picked from when it was written in this round and opens", () => {
    const asked = [
      item(1, OWNER, "question", "round:1:ask", "a"),
      item(2, OWNER, "question", "round:1:ask", "sealed"),
      item(3, OWNER, "question", "round:1:ask", null),
      item(4, OWNER, "question", "round:2:ask", "b", 2),
      item(5, OWNER, "answer", "round:1:ask", "c"),
    ];
    const content = (id: string) =>
      id === "sealed" ? ({ state: "failed" } as const) : ({ state: "open", fields: { text: `text ${id}` } } as const);
    expect(written(view({ items: asked }), "question", content)).toEqual(["text a"]);
  });
});

describe("the reason of a choice", () => {
  it("is a tie only where there were votes", () => {
    expect(reasonOf({ because: "lot", tally: { a: 2, b: 2 } })).toBe("lot");
    expect(reasonOf({ because: "lot", tally: {} })).toBe("drawn");
    expect(reasonOf({ because: "waited", tally: null })).toBe("rotation");
    expect(reasonOf({ because: "facilitator", tally: {} })).toBe("facilitator");
    expect(reasonOf({ because: null, tally: null })).toBe("");
  });
});

describe("small things", () => {
  it("reads time as minutes and seconds, never below zero", () => {
    expect([clock(558_000), clock(59_001), clock(0), clock(-5)]).toEqual(["9:18", "1:00", "0:00", "0:00"]);
  });

  it("counts words and joins names", () => {
    expect(words("  one  two ")).toBe(2);
    expect(words(" ")).toBe(0);
    expect(listed(["Noor", "Bram", "Amal"], "en")).toBe("Noor, Bram en Amal");
    expect(listed([], "en")).toBe("");
  });
});

describe("a meeting over days", () => {
  const names = (steps: readonly { id: string }[]) => steps.map((one) => one.id);
  const later = view({ phase: "end" });

  it("knows the steps that ended since one was here", () => {
    expect(names(endedSince(method, later, "opening:0:bring"))).toEqual(["bring", "ask", "ways"]);
    expect(names(endedSince(method, view(), "opening:0:bring"))).toEqual(["bring"]);
    expect(endedSince(method, view(), view().phase?.key ?? "")).toEqual([]);
    expect(names(endedSince(method, view(), "round:9:ways"))).toEqual(["ways"]);
    expect(endedSince(method, view(), "round:1:unknown")).toEqual([]);
  });

  it("asks of each what is asked of the speaker, until they gave it", () => {
    const seats = view().seats;
    const me = seats.find((one) => one.id === "snoor0000") ?? null;
    const writing = (given: number): View => ({
      ...view({ floor: null, desk: [slot("snoor0000", "question", { given, turn: false })] }),
      meeting: { ...view().meeting, written: true },
    });
    expect(promptFor(step, writing(0), me)).toMatchObject(prompt("ask"));
    expect(promptFor(step, writing(1), me)).toMatchObject(prompt("think"));
    expect(promptFor(step, writing(0), null)).toMatchObject(prompt("think"));
  });

  it("misses nobody who is not connected", () => {
    const [seat] = view().seats;
    if (!seat) throw new Error("nobody sits there");
    const gone = { ...seat, here: false };
    expect(missing(view(), gone)).toBe(true);
    expect(missing(view(), { ...gone, device: false })).toBe(false);
    expect(missing({ ...view(), meeting: { ...view().meeting, written: true } }, gone)).toBe(false);
  });

  it("shows whose line is gone before they count as away", () => {
    const [one, other] = view().seats as [SeatView, SeatView];
    const devices = { type: "devices", seats: {}, visitors: 0, offline: [one.id] } as const;
    expect(absence(view(), devices, one)).toBe("offline");
    expect(absence(view(), devices, other)).toBe(null);
    expect(absence(view(), devices, { ...one, here: false })).toBe("away");
    expect(absence(view(), { type: "devices", seats: {}, visitors: 0 }, one)).toBe(null);
    expect(absence({ ...view(), meeting: { ...view().meeting, written: true } }, devices, one)).toBe(null);
  });
});
