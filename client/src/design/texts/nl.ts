import { nl as codes } from "./codes.nl.ts";

/** The shared texts, in Dutch. */
export const nl = {
  codes,
  language: "Taal",
  languageFailed: "Deze taal kon niet worden opgehaald. Kijk of je verbinding hebt.",
  yes: "Ja, doe maar",
  cancel: "Toch niet",
};

export type SharedTexts = typeof nl;
