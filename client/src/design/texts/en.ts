import type { SharedTexts } from "./nl.ts";

/** The shared texts, in English. */
export const en: SharedTexts = {
  name: "English",
  language: "Language",
  yes: "Yes, do it",
  cancel: "Cancel",
};
