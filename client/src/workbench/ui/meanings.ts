// The descriptions of the keys of the method language, translated (`kring.methods.meanings`).
import { catalogue, type Language } from "../../design/language.svelte.ts";

const meanings = catalogue<Readonly<Record<string, string>>>({
  nl: async () => (await import("../../../../src/kring/methods/texts/meanings.nl.json")).default,
  en: async () => (await import("../../../../src/kring/methods/texts/meanings.en.json")).default,
  de: async () => (await import("../../../../src/kring/methods/texts/meanings.de.json")).default,
  fr: async () => (await import("../../../../src/kring/methods/texts/meanings.fr.json")).default,
});

/** The description of a key (`Phase.ends`) or of a part (`Role`). */
export function meant(name: string, language: Language): string {
  return meanings(language)[name] ?? "";
}
