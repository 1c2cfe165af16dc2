// The texts that all parts of the client share; each part has a catalogue of its own as well.
import { catalogue } from "../language.svelte.ts";
import type { CodeTexts } from "./codes.ts";
import type { SharedTexts } from "./nl.ts";

/** The shared texts in the chosen language; reactive where it is read. */
export const sharedTexts = catalogue<SharedTexts>({
  nl: async () => (await import("./nl.ts")).nl,
  en: async () => (await import("./en.ts")).en,
  de: async () => (await import("./de.ts")).de,
  fr: async () => (await import("./fr.ts")).fr,
});

/** The texts of the codes in the chosen language. */
export function codeTexts(): CodeTexts {
  return sharedTexts().codes;
}
