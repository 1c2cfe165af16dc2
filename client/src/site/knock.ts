// The door for whoever has a code: the server's page has every sentence, this shows the one that holds now.
import { NewcomerKnock, type NewcomerView } from "../knock/newcomer.ts";

const DIGITS = 6;
/** Refusals that come to the same for whoever reads them. */
const ALIKE: Readonly<Record<string, string>> = { taken: "over", closed: "over" };

const grouped = (digits: string): string => digits.replace(/(\d{3})(?=\d)/g, "$1 ");

function show(door: HTMLElement, view: NewcomerView): void {
  const step = view.step === "failed" ? "code" : view.step === "in" ? "typed" : view.step;
  for (const part of door.querySelectorAll<HTMLElement>("[data-step]")) {
    const other = part.hidden;
    part.hidden = part.dataset.step !== step;
    // What is to be done now is read aloud, and has the focus.
    if (other && !part.hidden) part.querySelector<HTMLElement>("[tabindex], input")?.focus();
  }
  const nine = door.querySelector("[data-nine]");
  if (nine) nine.textContent = grouped(view.nine);
  const wrong = door.querySelector<HTMLElement>("[data-wrong]");
  if (wrong) wrong.hidden = !view.wrong;
  const why = view.why && (ALIKE[view.why] ?? view.why);
  for (const sentence of door.querySelectorAll<HTMLElement>("[data-why]"))
    sentence.hidden = sentence.dataset.why !== why;
  if (view.step === "in") location.assign(view.to);
}

/** Carries on what the page says of a code, with the parts of it in `door`. */
export function carry(door: HTMLElement): void {
  const code = door.querySelector<HTMLInputElement>("[name=code]");
  const six = door.querySelector<HTMLInputElement>("[name=six]");
  const form = code?.form;
  if (!code || !six || !form) return;
  const knock = new NewcomerKnock((view) => show(door, view));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (knock.view.step === "reading") {
      void knock.type(six.value);
      return;
    }
    const digits = code.value.replace(/\D/g, "");
    six.value = "";
    if (digits.length === DIGITS) void knock.knock(digits);
    else show(door, { ...knock.view, why: "wrong-code" });
  });
  for (const button of door.querySelectorAll<HTMLElement>("[data-cancel]"))
    button.addEventListener("click", () => knock.cancel());
  // A page that is left or reloaded has lost the check: those inside need not wait for it.
  addEventListener("pagehide", () => {
    if (knock.view.step !== "in") knock.cancel();
  });
  for (const button of door.querySelectorAll<HTMLButtonElement>("[data-testid=knock]")) button.disabled = false;
}
