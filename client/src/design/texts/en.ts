import type { SharedTexts } from "./nl.ts";

/** What every part of the client says, in English. */
export const en: SharedTexts = {
  name: "English",
  language: "Language",
  yes: "Yes, do it",
  cancel: "Rather not",
};
