import { fr as codes } from "./codes.fr.ts";
import type { SharedTexts } from "./nl.ts";

/** The shared texts, in French. */
export const fr: SharedTexts = {
  codes,
  language: "Langue",
  languageFailed: "Cette langue n’a pas pu être chargée. Vérifie ta connexion.",
  yes: "Oui, vas-y",
  cancel: "Annuler",
};
