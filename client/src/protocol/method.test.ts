import { describe, expect, test } from "vitest";
import { findPhase, formOf, pick, readMethod } from "./method.ts";

const JSON_METHOD = {
  kring: 1,
  id: "small-1",
  name: { nl: "Klein", en: "Small" },
  summary: { en: "One round." },
  source: [{ ref: "ours" }],
  group: { min: 3, max: 6 },
  minutes: 10,
  level: ["reflection"],
  advice: "late",
  round: [
    {
      id: "ask",
      kind: "ask-round",
      name: { en: "Ask" },
      minutes: 5,
      prompts: { participant: { do: { en: "Ask one open question" } } },
      gives: [
        { who: "participant", what: "question", least: 1, turns: "circle", reply: {} },
        { who: "owner", what: "note", then: true, together: 3, withheld: { until: "close" } },
      ],
      withheld: { from: "participant" },
      extend: {},
    },
    { id: "pick", kind: "choose", name: { en: "Pick" }, minutes: 5, prompts: {}, choose: {}, runs: "module" },
  ],
  forms: { tip: { fields: [{ id: "start", name: { en: "Start" } }] } },
  modules: { rest: { name: { en: "Rest" }, summary: { en: "" }, phases: [{ id: "rest", kind: "silence" }] } },
};

describe("readMethod", () => {
  const method = readMethod(JSON_METHOD);

  test("fills what the wire leaves out", () => {
    expect(method.cases).toBe(1);
    expect(method["choose-when"]).toBeNull();
    expect(method.source[0]?.status).toBe("found");
    const [ask, choice] = method.round;
    expect(ask?.ends).toEqual(["done", "agreed"]);
    expect(ask?.prompts.participant?.why).toBeNull();
    expect(ask?.gives[0]).toMatchObject({ least: 1, most: 1, by: "either", reply: { who: "owner", what: "answer" } });
    expect(ask?.gives[0]).toMatchObject({ then: false, together: null, withheld: null });
    expect(ask?.gives[1]?.withheld).toEqual({ from: "owner", until: "close" });
    expect([ask?.per, ask?.["minutes-from"], method.days, method["minutes-from"]]).toEqual(["phase", null, null, null]);
    expect(ask?.withheld).toEqual({ from: "participant", until: "end" });
    expect(ask?.extend).toEqual({ times: 1, minutes: 5 });
    expect(ask?.choose).toBeNull();
    expect(choice?.choose).toEqual({ what: "case", by: "vote", votes: 1, many: 1 });
  });

  test("findPhase looks in the sections, or in the module that runs", () => {
    expect(findPhase(method, "pick")?.kind).toBe("choose");
    expect(findPhase(method, "rest")).toBeNull();
    expect(findPhase(method, "rest", "rest")?.kind).toBe("silence");
  });

  test("formOf gives one field of text where the method has no form of that name", () => {
    expect(formOf(method, "tip").fields[0]).toMatchObject({ id: "start", kind: "text", optional: false });
    expect(formOf(method, "text").fields.map((field) => field.id)).toEqual(["text"]);
  });
});

test("pick prefers the language, then English, then any", () => {
  expect(pick({ nl: "ja", en: "yes" }, "nl")).toBe("ja");
  expect(pick({ nl: "ja", en: "yes" }, "fr")).toBe("yes");
  expect(pick({ nl: "ja" }, "fr")).toBe("ja");
  expect(pick(null, "nl")).toBe("");
});
