// A label with what belongs to it.
import { language } from "./language.svelte.ts";

/** "Date: 1 December"; French has a space before the colon, at which no line ends. */
export function labelled(label = "", value: string | number = ""): string {
  return `${label}${language.value === "fr" ? "\u00a0" : ""}: ${value}`;
}
