// What is asked before a step begins: who has the roles that it needs. Pure.
import type { View } from "../../protocol/index.ts";
import type { Method } from "../../protocol/method.ts";
import { pick } from "../../protocol/method.ts";
import type { UiTexts } from "../texts/nl.ts";
import { listed } from "./selectors.ts";

/** The role that every method has: whoever was case owner before. */
export const PREVIOUS = "previous-owner";

/** The roles that must be filled before the step asks anything; none in most steps. */
export function castingOf(view: View | null): readonly string[] {
  return view?.phase?.casting ?? [];
}

/** The question that the screen asks everybody then; empty when no role is asked for. */
export function castingQuestion(view: View | null, method: Method | null, language: string, t: UiTexts): string {
  const asked = castingOf(view);
  const names = asked
    .filter((role) => role !== PREVIOUS)
    .map((role) => t.within(pick(method?.roles[role]?.name ?? {}, language) || role));
  const questions = [
    ...(names.length > 0 ? [t.casting.who(listed(names, t.and))] : []),
    ...(asked.includes(PREVIOUS) ? [t.casting.previous] : []),
  ];
  return questions.join(" ");
}
