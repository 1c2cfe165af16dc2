// Where on the cards a remark belongs: to one of the folds, or to what is always in sight.
import type { Remark } from "../state/api.ts";
import type { MethodFile, Path } from "../state/file.ts";

/** The keys of a step that its folds hold; all others are in sight, or not on the cards. */
const OF_STEP: Readonly<Record<string, StepFold>> = {
  kind: "rules",
  advice: "rules",
  silence: "rules",
  position: "places",
  hidden: "seen",
  withheld: "seen",
  ends: "ends",
  skip: "ends",
  overtime: "ends",
  choose: "choosing",
  fills: "choosing",
  runs: "choosing",
  hints: "texts",
};
/** Remarks on what isn't there, by what has to be changed. */
const MISSING: Readonly<Record<string, StepFold>> = { "never-done": "ends" };
const OF_WHOLE: Readonly<Record<string, WholeFold>> = {
  cases: "rules",
  advice: "rules",
  facilitator: "rules",
  strict: "rules",
  prepare: "when",
  "choose-when": "when",
  "not-when": "when",
  id: "id",
};
/** What is in sight of one thing that is given. */
const GIVEN = ["who", "what"];

export type StepFold = "rules" | "places" | "seen" | "ends" | "choosing" | "texts";
export type WholeFold = "rules" | "when" | "id";
/** A fold of one of the things that are given in a step is called by its number. */
export type Fold = StepFold | WholeFold | `give-${number}`;

/** The remarks by fold, and under `null` those on what is in sight. */
export type Sorted = ReadonlyMap<Fold | null, readonly Remark[]>;

function sorted(remarks: readonly Remark[], foldOf: (remark: Remark) => Fold | null): Sorted {
  const found = new Map<Fold | null, Remark[]>([[null, []]]);
  for (const remark of remarks) {
    const fold = foldOf(remark);
    found.set(fold, [...(found.get(fold) ?? []), remark]);
  }
  return found;
}

/** The remarks on the step at `step`; `seen`: whose first prompt is in sight. */
export function foldsOfStep(file: MethodFile, step: Path, remarks: readonly Remark[], seen: readonly string[]): Sorted {
  return sorted(remarks, (remark) => {
    if (remark.code === "prompts-missing") {
      return [remark.args.whom].flat().every((who) => seen.includes(String(who))) ? null : "texts";
    }
    const [key, part, inner] = keyOf(file, step, remark);
    if (key === "gives") return typeof part !== "number" || GIVEN.includes(String(inner)) ? null : `give-${part}`;
    if (key === "prompts")
      return part === undefined || (seen.includes(String(part)) && inner !== "why") ? null : "texts";
    return OF_STEP[String(key)] ?? null;
  });
}

/** The remarks on the method as a whole. */
export function foldsOfWhole(file: MethodFile, remarks: readonly Remark[]): Sorted {
  return sorted(remarks, (remark) => OF_WHOLE[String(file.pathAt(remark)[0])] ?? null);
}

/** What in the step a remark is about. The reader finds what a kind supplies, and what is missing, at `kind` or at the step. */
function keyOf(file: MethodFile, step: Path, remark: Remark): Path {
  const missing = MISSING[remark.code];
  if (missing) return [missing];
  const supplied = remark.notes.find(({ code }) => code === "came-from-kind");
  if (supplied) return [String(supplied.args.key)];
  return file.pathAt(remark).slice(step.length);
}
