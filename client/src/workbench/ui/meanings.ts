// The descriptions of the keys of the method language, translated (`kring.methods.meanings`). The English ones are in the schema.
import nl from "../../../../src/kring/methods/texts/meanings.nl.json";
import type { Language } from "../../design/language.svelte.ts";
import { DESCRIPTIONS } from "../state/grammar.ts";

const MEANINGS: Readonly<Record<Language, Readonly<Record<string, string>>>> = { nl, en: DESCRIPTIONS };

/** The description of a key (`Phase.ends`) or of a part (`Role`). */
export function meant(name: string, language: Language): string {
  return name in nl ? (MEANINGS[language][name] ?? "") : "";
}
