// What came of a vote, in the order in which it is told. Pure.
import type { View } from "../../protocol/index.ts";

/** The options of a choice that was made: what was chosen in order, then the others by their votes. */
export function ranked(choice: Pick<NonNullable<View["choice"]>, "options" | "chosen" | "tally">): readonly string[] {
  const votes = (option: string) => choice.tally?.[option] ?? 0;
  const others = choice.options.filter((option) => !choice.chosen.includes(option));
  return [...choice.chosen, ...others.sort((one, other) => votes(other) - votes(one))];
}
