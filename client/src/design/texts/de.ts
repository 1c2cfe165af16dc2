import { de as codes } from "./codes.de.ts";
import type { SharedTexts } from "./nl.ts";

/** The shared texts, in German. */
export const de: SharedTexts = {
  codes,
  language: "Sprache",
  languageFailed: "Diese Sprache ließ sich nicht laden. Prüf deine Verbindung.",
  yes: "Ja",
  cancel: "Abbrechen",
};
