import { describe, expect, it } from "vitest";
import type { View } from "../../protocol/index.ts";
import { readMethod } from "../../protocol/method.ts";
import { en } from "../texts/en.ts";
import { announcements } from "./announcements.ts";
import { ranked } from "./outcome.ts";
import { waitedFor } from "./overtime.ts";
import { item, makeView, NAMES, OWNER, slot } from "./stories/views.ts";
import { spanOf, timeShown } from "./time.ts";

const method = readMethod({
  kring: 1,
  id: "small",
  name: { en: "Small" },
  summary: {},
  source: [],
  group: { min: 4, max: 8 },
  minutes: 30,
  level: [],
  advice: "late",
  round: [
    {
      id: "tell",
      kind: "tell",
      name: { en: "Tell" },
      minutes: 10,
      prompts: { participant: { do: { en: "Listen." } } },
    },
    {
      id: "gossip",
      kind: "gossip",
      name: { en: "Gossip" },
      minutes: 10,
      position: { owner: "unseen" },
      prompts: { participant: { do: { en: "Gossip along." } } },
    },
  ],
});
const floor = (seat: string) => ({ seat, what: "hypothesis", owed: true, next: [] });
const gossip = (more: Partial<Parameters<typeof makeView>[0]> = {}) =>
  makeView({ method, phase: "gossip", who: "samal0000", ...more });
const said = (before: View, after: View) =>
  announcements({ before, after, method, language: "en", t: en, name: (seat) => NAMES[seat] ?? "" });

describe("what a screen reader hears", () => {
  it("hears a new step: who sits apart, what to do, who has the floor", () => {
    const before = makeView({ method, phase: "tell", who: "samal0000" });
    expect(said(before, gossip({ floor: floor("snoor0000") }))).toEqual([
      "Step: Gossip.",
      "Wietske sits out of sight, listens and says nothing.",
      "Gossip along.",
      "Noor has the floor.",
    ]);
  });

  it("hears that somebody else gave the link of the video call, and another", () => {
    const given = (content: string, seat = "snoor0000"): View => ({ ...gossip(), video: { seat, content } });
    expect(said(gossip(), given("one"))).toEqual(["Noor gave the link of the video call. It’s under More."]);
    expect(said(given("one"), given("two"))).toHaveLength(1);
    expect(said(given("one"), given("one"))).toEqual([]);
    expect(said(gossip(), given("one", "samal0000"))).toEqual([]);
    expect(said(given("one"), gossip())).toEqual([]);
  });

  it("hears for whom a step waits when its time is up", () => {
    const late = (who: string, owed: readonly string[], overtime: number | null): View => {
      const view = gossip({ who, desk: owed.map((seat) => slot(seat, "hypothesis")) });
      return { ...view, phase: view.phase && { ...view.phase, signalled: overtime !== null, overtime } };
    };
    const hears = (who: string, ...owed: string[]) => said(late(who, owed, null), late(who, owed, 1_800_000_000_000));
    expect(hears("samal0000", "snoor0000")).toEqual(["Time is up. We're still waiting for Noor."]);
    expect(hears("snoor0000", "snoor0000")).toEqual(["Time is up. We're still waiting for you; you may also pass."]);
    expect(hears("snoor0000", "snoor0000", "sbram0000")).toEqual([
      "Time is up. We're still waiting for you and for Bram; you may also pass.",
    ]);
    expect(hears("samal0000")).toEqual(["Time is up. We're just finishing."]);
    expect(waitedFor(late("samal0000", ["snoor0000"], null), en, (seat) => seat)).toBeNull();
  });

  it("hears which role is asked for, and what to do once somebody has it", () => {
    const roles = { secretary: { name: { en: "Secretary" }, apart: false, holders: { min: 1, max: 1 } } };
    const asks = (...casting: string[]): View => {
      const view = gossip();
      return { ...view, phase: view.phase && { ...view.phase, casting } };
    };
    const hears = (before: View, after: View) =>
      announcements({ before, after, method: { ...method, roles }, language: "en", t: en, name: () => "" });
    const before = makeView({ method, phase: "tell", who: "samal0000" });
    expect(hears(before, asks("secretary")).at(-1)).toBe("Who will be secretary?");
    expect(hears(before, asks("secretary", "previous-owner")).at(-1)).toBe(
      "Who will be secretary? Who was case owner last time?",
    );
    expect(hears(asks("secretary"), asks())).toEqual(["Gossip along."]);
    expect(hears(asks(), asks())).toEqual([]);
  });

  it("hears what came of a vote, also after the moment for who still votes", () => {
    const choice = {
      options: ["case-b", "case-n", "case-a"],
      cast: ["snoor0000", "sbram0000"],
      chosen: ["case-n", "case-b"],
      tally: { "case-b": 1, "case-n": 1 },
      because: "lot",
    };
    const cases = [
      { content: "case-n", seat: "snoor0000" },
      { content: "case-b", seat: "sbram0000" },
    ];
    const items = cases.map((one, n) => item(n + 1, one.seat, "case", "opening:1:choose", one.content));
    const voting = (outcome: boolean, ending: number | null): View => {
      const view = gossip({ items, more: { choice } });
      return { ...view, phase: view.phase && { ...view.phase, ending, outcome } };
    };
    const heard = ["The result: Noor and Bram. It was a tie, decided by drawing lots."];
    const shown = voting(true, 1_800_000_010_000);
    expect(said(voting(false, null), shown)).toEqual(heard);
    expect(said(voting(false, 1_800_000_000_000), shown)).toEqual(heard);
    expect(said(shown, shown)).toEqual([]);
    expect(said(voting(false, null), voting(true, null))).toEqual(heard);
    expect(said(voting(true, null), shown)).toEqual([]);
    const module = { name: { en: "Gossip round" }, summary: {}, phases: [] };
    const modules = { ...shown, choice: { ...choice, chosen: ["talk"], tally: { talk: 2 }, because: "votes" } };
    expect(
      announcements({
        before: gossip({ items }),
        after: modules,
        method: { ...method, modules: { talk: module } },
        language: "en",
        t: en,
        name: () => "",
      }),
    ).toEqual(["The result: Gossip round. Most votes."]);
    expect(ranked(choice)).toEqual(["case-n", "case-b", "case-a"]);
    expect(ranked({ ...choice, chosen: ["case-a"], tally: { "case-n": 2, "case-b": 1 } })).toEqual([
      "case-a",
      "case-n",
      "case-b",
    ]);
  });

  it("hears that a table screen begins or stops to read along", () => {
    const tables = [{ id: "screen01", at: 1, seat: null }];
    const [without, along] = [gossip(), gossip({ more: { tables } })];
    expect(said(without, along)).toEqual(["A table screen was opened."]);
    expect(said(along, without)).toEqual(["A table screen was removed."]);
    expect(said(along, along)).toEqual([]);
  });

  it("hears turns pass, one's own as one's own", () => {
    expect(said(gossip({ floor: floor("snoor0000") }), gossip({ floor: floor("samal0000") }))).toEqual([
      "You have the floor.",
    ]);
    expect(said(gossip({ floor: floor("snoor0000") }), gossip({ floor: floor("snoor0000") }))).toEqual([]);
  });

  it("hears people go and come, pauses and time", () => {
    const away = gossip({ seats: (seat) => (seat.id === "sbram0000" ? { ...seat, here: false } : seat) });
    expect(said(gossip(), away)).toEqual(["Bram is away for now."]);
    const writing = (view: View): View => ({ ...view, meeting: { ...view.meeting, written: true } });
    expect(said(writing(gossip()), writing(away))).toEqual([]);
    const paused = { ...gossip(), meeting: { ...gossip().meeting, status: "paused" } };
    expect(said(gossip(), paused)).toEqual(["Paused."]);
    expect(said(gossip(), gossip({ left: -1 }))).toEqual(["Time is up for this step."]);
    expect(said(gossip(), { ...gossip(), seats: gossip().seats.filter((seat) => seat.id !== OWNER) })).toEqual([
      "Wietske has left.",
    ]);
  });
});

describe("the time in the middle", () => {
  const at = (left: number | null, more: Partial<View["meeting"]> = {}) => {
    const view = gossip({ left: left ?? 0 });
    return timeShown(
      {
        ...view,
        phase: view.phase && { ...view.phase, signalled: left !== null && left <= 0 },
        meeting: { ...view.meeting, ...more },
      },
      left,
      en,
      "en",
    );
  };

  it("counts down, and says when it is up", () => {
    expect(at(300_000)).toMatchObject({ large: "5:00", part: 0.5, over: false });
    expect(at(-4000)).toMatchObject({ large: "+0:04", small: "time is up", over: true });
  });

  it("counts the time in which whoever speaks may finish", () => {
    const view = gossip({ left: -1 });
    const grace = { ...view, phase: view.phase && { ...view.phase, signalled: true, grace: 60_000 } };
    expect(timeShown(grace, 42_000, en, "en")).toMatchObject({ large: "0:42", small: "finish your sentence" });
  });

  it("counts how long a result is shown", () => {
    const view = gossip({ left: 300_000 });
    const shown = { ...view, phase: view.phase && { ...view.phase, ending: 1_800_000_000_000, outcome: true } };
    expect(timeShown(shown, 5000, en, "en")).toMatchObject({ large: "0:05", small: "result", part: 0.5 });
  });

  it("shows the method's time when practice runs faster", () => {
    expect(at(30_000, { factor: 10 })).toMatchObject({ large: "5:00" });
  });

  it("does not count down in a meeting over days, but names the day and the time", () => {
    const shown = at(3 * 86_400_000, { written: true });
    expect(shown).toMatchObject({ over: false, quiet: false });
    expect(shown.large).toMatch(/^\p{L}+ [\p{L}\d]+ [\p{L}\d]+$/u);
    expect(shown.small).toMatch(/^until \d\d:\d\d/);
    expect(at(null, { written: true })).toMatchObject({ large: "", part: null });
    expect(spanOf(72, en)).toBe("3 days");
    expect(spanOf(1, en)).toBe("1 hour");
  });

  it("shows a pause, and nothing without a clock", () => {
    expect(at(60_000, { status: "paused" })).toMatchObject({ small: "paused", over: false });
    expect(at(null)).toMatchObject({ large: "", part: null });
  });
});
