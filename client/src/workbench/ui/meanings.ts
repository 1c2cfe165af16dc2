// The descriptions of the keys of the method language, translated (`kring.methods.meanings`).
import en from "../../../../src/kring/methods/texts/meanings.en.json";
import nl from "../../../../src/kring/methods/texts/meanings.nl.json";
import type { Language } from "../../design/language.svelte.ts";

const MEANINGS: Readonly<Record<Language, Readonly<Record<string, string>>>> = { nl, en };

/** The description of a key (`Phase.ends`) or of a part (`Role`). */
export function meant(name: string, language: Language): string {
  return MEANINGS[language][name] ?? "";
}
