// What every part of the client says; the parts have catalogues of their own beside this one.
import { type Language, language } from "../language.svelte.ts";
import { en } from "./en.ts";
import { nl, type SharedTexts } from "./nl.ts";

export const CATALOGUES: Readonly<Record<Language, SharedTexts>> = { nl, en };

/** The shared texts in the chosen language; reactive where it is read. */
export function sharedTexts(): SharedTexts {
  return CATALOGUES[language.value];
}
