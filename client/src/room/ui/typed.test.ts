import { afterEach, describe, expect, test } from "vitest";
import { clear, fakeRoom, show } from "../../../tests/showing.ts";
import { readMethod } from "../../protocol/method.ts";
import Contribution from "./Contribution.svelte";
import { pickedOf, typedText, wordOf } from "./typed.ts";

afterEach(clear);

const method = readMethod({
  id: "m",
  round: [],
  fields: { knowing: { facts: { name: { en: "Facts" } } } },
  forms: {
    plan: { fields: [{ id: "kind", kind: "choice", label: { en: "Kind" }, choices: { own: { en: "My own" } } }] },
    other: { fields: [{ id: "kind", kind: "choice", label: { en: "Kind" }, choices: { two: { en: "Of two" } } }] },
  },
});

describe("what was filled in", () => {
  test.each([
    ["field", "facts", "Facts", "Facts"],
    ["field", "unknown", "", ""],
    ["kind", "own", "My own", "My own"],
    ["kind", "two", "Of two", "Of two"],
    ["text", " typed ", null, "typed"],
    ["rating", 4, null, "4 of 5"],
    ["due", "2026-12-04", null, "by December 4, 2026"],
  ])("%s %s is in words", (field, value, picked, word) => {
    expect(pickedOf(field, value, method)).toBe(picked);
    expect(wordOf(field, value, method)).toBe(word);
  });

  test("is the same on the screen as in what one takes along", () => {
    const fields = { field: "facts", text: "Call her", due: "2026-12-04" };
    expect(typedText(fields, method)).toBe("Facts · Call her · by December 4, 2026");
    const room = fakeRoom({ contents: { b1: fields } });
    Object.assign(room, { method });
    show(Contribution, room, { props: { id: "b1" } });
    expect(document.querySelector(".tag")?.textContent).toBe("Facts");
    expect([...document.querySelectorAll(".text")].map((one) => one.textContent)).toEqual([
      "Call her",
      "by December 4, 2026",
    ]);
  });
});
