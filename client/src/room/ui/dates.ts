// Dates and times in the language of the screen and the format of this device. Pure.
import type { Language } from "../../design/language.svelte.ts";

const DAY = 86_400_000;
/** Where the browser names no country: with a 24-hour clock. */
const USUAL: Readonly<Record<Language, string>> = { nl: "nl-NL", en: "en-GB", de: "de-DE", fr: "fr-FR" };

/** The locale in which this device writes dates in this language. */
export function locale(language: Language, known: readonly string[] = navigator.languages): string {
  return known.find((one) => one.startsWith(`${language}-`)) ?? USUAL[language];
}

/** "today" or "tomorrow" where it is, else nothing. */
function near(at: number, now: number, language: Language): string {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(at) - midnight(now)) / DAY);
  if (days !== 0 && days !== 1) return "";
  return new Intl.RelativeTimeFormat(locale(language), { numeric: "auto" }).format(days, "day");
}

/** A day of the week and a date; in German a comma parts them. */
function dated(at: number, options: Intl.DateTimeFormatOptions, language: Language): string {
  const day = new Date(at).toLocaleDateString(locale(language), options);
  return language === "de" ? day : day.replace(",", "");
}

/** The day in a few letters: "today", "Wed 25 Nov". */
export function shortDay(at: number, now: number, language: Language): string {
  const options = { weekday: "short", day: "numeric", month: "short" } as const;
  return near(at, now, language) || dated(at, options, language);
}

/** The time of day: "14:05". */
export function timeOfDay(at: number, language: Language): string {
  return new Date(at).toLocaleTimeString(locale(language), { hour: "2-digit", minute: "2-digit" });
}

/** Day and time, for a sentence: "Wednesday 25 November, 14:05". */
export function dayAndTime(at: number, now: number, language: Language): string {
  const options = { weekday: "long", day: "numeric", month: "long" } as const;
  const day = near(at, now, language) || dated(at, options, language);
  return `${day}, ${timeOfDay(at, language)}`;
}
