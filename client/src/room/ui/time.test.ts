import { describe, expect, test } from "vitest";
import { readMethod } from "../../protocol/method.ts";
import { en } from "../texts/en.ts";
import { nl } from "../texts/nl.ts";
import { minutesOf, rangeOf } from "./time.ts";

const phase = (more: object) => ({ id: "one", kind: "tell", name: {}, prompts: {}, ...more });
const METHOD = readMethod({
  minutes: 30,
  "minutes-from": 22.5,
  opening: [phase({ minutes: 2, per: "person" })],
  round: [phase({ minutes: 10, "minutes-from": 5 }), phase({ minutes: 1.5 })],
  closing: [phase({ minutes: 4, "minutes-from": 2.5, per: "case" })],
});
const [each] = METHOD.opening;
const [range, short] = METHOD.round;
const [look] = METHOD.closing;

describe("how long a step takes", () => {
  test("is told from and to, for each person or case where it is so", () => {
    expect([each, range, short, look].map((one) => one && minutesOf(one, nl, "nl"))).toEqual([
      "2 min per persoon",
      "5–10 min",
      "1,5 min",
      "2,5–4 min per casus",
    ]);
    expect(look && minutesOf(look, en, "en")).toBe("2.5–4 min per case");
  });

  test("and the whole method from and to as well", () => {
    expect(rangeOf(METHOD, "nl")).toBe("22,5–30");
    expect(rangeOf({ minutes: 45, "minutes-from": null }, "nl")).toBe("45");
  });
});
