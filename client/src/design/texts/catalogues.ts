// The texts that all parts of the client share; each part has a catalogue of its own as well.
import { type Language, language } from "../language.svelte.ts";
import { en } from "./en.ts";
import { nl, type SharedTexts } from "./nl.ts";

export const CATALOGUES: Readonly<Record<Language, SharedTexts>> = { nl, en };

/** The shared texts in the chosen language; reactive where it is read. */
export function sharedTexts(): SharedTexts {
  return CATALOGUES[language.value];
}
