// What came of a vote, in the order in which it is told. Pure.
import type { View } from "../../protocol/index.ts";
import type { UiTexts } from "../texts/nl.ts";

/** Why a case was chosen, as a key of the texts. */
export function reasonOf(choice: Pick<NonNullable<View["choice"]>, "because" | "tally">): string {
  const because = choice.because ?? "";
  if (Object.keys(choice.tally ?? {}).length > 0) return because;
  return { waited: "rotation", lot: "drawn" }[because] ?? because;
}

/** The same in a sentence. */
export function decidedBy(choice: Pick<NonNullable<View["choice"]>, "because" | "tally"> | null, t: UiTexts): string {
  return choice ? (t.vote.because[reasonOf(choice)] ?? "") : "";
}

/** How many votes something got, or points where urgency was asked for; nothing for none. */
export function counted(votes: number, urgency: boolean, t: UiTexts): string {
  return votes > 0 ? (urgency ? t.vote.points(votes) : t.vote.votes(votes)) : "";
}

/** The options of a choice that was made: what was chosen in order, then the others by their votes. */
export function ranked(choice: Pick<NonNullable<View["choice"]>, "options" | "chosen" | "tally">): readonly string[] {
  const votes = (option: string) => choice.tally?.[option] ?? 0;
  const others = choice.options.filter((option) => !choice.chosen.includes(option));
  return [...choice.chosen, ...others.sort((one, other) => votes(other) - votes(one))];
}
