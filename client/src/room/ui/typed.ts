// What was filled in on a form, in words of the language of the screen.
import { language, localized } from "../../design/language.svelte.ts";
import type { Fields } from "../../protocol/index.ts";
import type { Method } from "../../protocol/method.ts";
import { roomTexts } from "./context.ts";
import { locale } from "./dates.ts";

const DATE = /^\d{4}-\d\d-\d\d$/;

/** What was typed, field by field. */
export function typedText(fields: Fields, method: Method | null): string {
  const parts = Object.entries(fields).map(([field, value]) => wordOf(field, value, method));
  return parts.filter(Boolean).join(" · ");
}

/** The value of a field: what was picked, a rating, a date, or what was typed; empty for nothing. */
export function wordOf(field: string, value: string | number, method: Method | null): string {
  const text = String(value).trim();
  const picked = pickedOf(field, text, method);
  if (picked !== null) return picked;
  if (field === "rating") return roomTexts().give.rating(Number(text));
  if (!DATE.test(text)) return text;
  const day = new Date(`${text}T12:00`).toLocaleDateString(locale(language.value), { dateStyle: "long" });
  return roomTexts().take.by(day);
}

/** A choice by its words, a field of knowledge by its name; `null` for what was not picked from a list. */
export function pickedOf(field: string, value: string | number, method: Method | null): string | null {
  const text = String(value);
  if (field === "field") {
    const set = Object.values(method?.fields ?? {}).find((one) => text in one);
    return set ? localized(set[text]?.name) : "";
  }
  const forms = Object.values(method?.forms ?? {}).flatMap((form) => form.fields);
  const choice = forms.find((one) => one.id === field && one.kind === "choice" && text in one.choices)?.choices[text];
  return choice ? localized(choice) : null;
}
