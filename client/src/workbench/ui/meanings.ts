// What a key of the language means, in the chosen language. The schema speaks English; the catalogue has the same sentences.
import type { Language } from "../../design/language.svelte.ts";
import { nl } from "../texts/meanings.nl.ts";

const CATALOGUES: Partial<Record<Language, Readonly<Record<string, string>>>> = { nl };

/** The meaning in this language; one that no catalogue knows stays English. */
export function meant(meaning: string, language: Language): string {
  return (CATALOGUES[language]?.[meaning] ?? meaning).replaceAll("``", "`");
}
