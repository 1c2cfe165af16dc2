import { expect, test } from "vitest";
import { spoken } from "./spoken.ts";

const STEP = {
  kind: "hypothesis",
  minutes: 5,
  name: { nl: "Roddelen", en: "Gossip", de: "Tratsch", fr: "Bavardage" },
  hints: [{ reveal: { nl: "a", en: "b", de: "c", fr: "d" } }],
  form: { id: "x", fr: { nl: "a", en: "b", de: "c", fr: "d" } },
};

test("what is taken over speaks the languages of the file alone", () => {
  expect(spoken(STEP, ["nl", "en", "de"])).toEqual({
    kind: "hypothesis",
    minutes: 5,
    name: { nl: "Roddelen", en: "Gossip", de: "Tratsch" },
    hints: [{ reveal: { nl: "a", en: "b", de: "c" } }],
    form: { id: "x", fr: { nl: "a", en: "b", de: "c" } },
  });
});

test("in a file that has them all it says all that it said", () => {
  expect(spoken(STEP, ["nl", "en", "de", "fr"])).toEqual(STEP);
});
