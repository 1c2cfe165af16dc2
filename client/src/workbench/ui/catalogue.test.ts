import { describe, expect, test } from "vitest";
import type { Change } from "../state/api.ts";
import { en } from "../texts/en.ts";
import { nl } from "../texts/nl.ts";
import { own, sentence } from "./catalogue.ts";

const name = (id: string): string => ({ gossip: "Gossip round" })[id] ?? id;
const about = { phase: "gossip", number: 3 };

describe("a change as a sentence", () => {
  test.each<[Change, string]>([
    [
      { code: "phase-setting", ...about, what: "minutes", before: 10, after: 15 },
      "Step 3 (Gossip round): 10 → 15 minutes.",
    ],
    [
      { code: "phase-setting", ...about, what: "advice", before: false, after: true },
      "Step 3 (Gossip round): advice is now allowed.",
    ],
    [
      { code: "position", ...about, who: "owner", before: "in", after: "back" },
      "Step 3 (Gossip round): the case owner now sits back to the circle (was in the circle).",
    ],
    [
      { code: "phase-setting", ...about, what: "ends", before: ["done"], after: ["done", "time"] },
      "Step 3 (Gossip round): when the step ends done → done, time.",
    ],
    [
      { code: "phase-setting", ...about, what: "extend", before: null, after: { times: 2 } },
      "Step 3 (Gossip round): changed: extending.",
    ],
    [{ code: "setting", what: "minutes", before: 90, after: 80 }, "The method: 90 → 80 minutes."],
    [{ code: "setting", what: "strict", before: false, after: true }, "The method: strict about time no → yes."],
    [{ code: "phase-added", ...about, after: 5 }, "Step 3 (Gossip round) is new: 5 minutes."],
    [{ code: "phase-removed", ...about, before: 5 }, "The step Gossip round is gone."],
    [{ code: "phase-moved", ...about, before: 2, after: 3 }, "Gossip round is now step 3 (was 2)."],
    [
      { code: "given", ...about, who: "participant", what: "tip" },
      "Step 3 (Gossip round): the participant now also gives: tip.",
    ],
    [{ code: "prompt", ...about, who: "owner" }, "Step 3 (Gossip round): the text for the case owner is different."],
    [{ code: "texts", what: "name" }, "The method: changed: name."],
  ])("%j", (change, said) => {
    expect(sentence(change, en, name)).toBe(said);
    expect(sentence(change, nl, name)).not.toMatch(/undefined|\[object/);
  });

  test("of a role and a setting that no catalogue knows says their own names", () => {
    expect(sentence({ code: "prompt", ...about, who: "observer" }, en, name)).toContain("observer");
    expect(sentence({ code: "setting", what: "brand-new", before: 1, after: 2 }, en, name)).toContain(
      "brand-new 1 → 2",
    );
  });
});

test.each([null, undefined, 3, "x", [], {}])("own text of %j is empty", (odd) => {
  expect(own(odd, "nl")).toBe("");
});
