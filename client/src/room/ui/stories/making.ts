// The parts that stories share: who may do what, and the desk of a round of turns.
import type { View } from "../../../protocol/index.ts";
import { CONTENTS } from "./contents.ts";
import type { Made } from "./fake.svelte.ts";
import { LEADER, NAMES, OWNER, type Pair, SEATS, slot } from "./views.ts";

export const ALWAYS: Pair[] = [
  ["leave", ""],
  ["show-out", ""],
  ["close-meeting", ""],
  ["burn", ""],
];
export const LEADS: Pair[] = [
  ["end-phase", ""],
  ["extend", ""],
  ["pause", ""],
  ["close-doors", ""],
  ["hand-facilitation", ""],
  ["skip-phase", ""],
];
export const mayLead = (who: string | null) => (who === LEADER ? LEADS : []);

export function turns(what: string, who: string, more = {}) {
  const members = SEATS.filter((seat) => seat !== OWNER);
  return members.map((seat) =>
    slot(seat, what, {
      given: ["samal0000", "sjoost000", "sbram0000"].includes(seat) && seat !== who ? 1 : 0,
      ...more,
    }),
  );
}

export const made = (view: View | null, more: Partial<Made> = {}): Made => ({
  view,
  names: NAMES,
  contents: CONTENTS,
  ...more,
});
export const guard = (who: string | null, pairs: readonly Pair[]): Pair[] => [
  ...(who ? ALWAYS : []),
  ...mayLead(who),
  ...pairs,
];
