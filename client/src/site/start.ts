// The start page's form: opens a meeting, makes its key here in the browser, and goes there.
import { newKey } from "../crypto/keys.ts";
import { createMeeting, HttpError, startColleagues } from "../transport/api.ts";
import { Kept } from "../transport/storage.ts";

const SIMULATED = 5;
const TOO_MANY = 429;
const NOT_NOW = 503;
/** Minutes to wait where the server doesn't say. */
const A_WHILE = 2;
const BUSY = "aria-disabled";
type Role = "owner" | "participant" | "facilitator";

interface Wish {
  readonly method: string;
  readonly practice: boolean;
  readonly written: boolean;
  readonly role: Role;
  readonly language: string;
}

/** What the form asks for, with the button that was pressed. */
function wish(form: HTMLFormElement, button: HTMLElement | null): Wish {
  const data = new FormData(form);
  const role = String(data.get("role") ?? "participant");
  const practice = button instanceof HTMLButtonElement && button.name === "practice" && button.value === "true";
  return {
    method: String(data.get("method") ?? ""),
    practice,
    written: !practice && data.get("way") === "written",
    role: role === "owner" || role === "facilitator" ? role : "participant",
    language: form.dataset.language ?? "en",
  };
}

/** Shows in which ways the chosen method may be held, what writing it over days asks, and where one may sit to practise. */
function offer(form: HTMLFormElement, { ways = "", roles = "", writing = "" }: DOMStringMap): void {
  const choice = form.querySelector<HTMLFieldSetElement>("#way");
  const text = form.querySelector("#writing");
  if (!choice || !text) return;
  leave(form, "way", ways.split(" "));
  leave(form, "role", roles.split(" "));
  choice.hidden = !ways.split(" ").includes("written");
  text.textContent = writing;
}

/** Leaves those of the answers to choose from that there are for this method. */
function leave(form: HTMLFormElement, name: string, known: readonly string[]): void {
  const radios = [...form.querySelectorAll<HTMLInputElement>(`[name=${name}]`)];
  for (const radio of radios) (radio.closest("label") ?? radio).hidden = !known.includes(radio.value);
  const offered = radios.filter((radio) => known.includes(radio.value));
  // Back to the first of them where what was chosen before is not among them.
  if (!offered.some((radio) => radio.checked) && offered[0]) offered[0].checked = true;
}

async function open({ method, practice, written, role, language }: Wish): Promise<string> {
  const meeting = await createMeeting({ method, practice, written, language });
  const key = newKey();
  if (practice) {
    new Kept<string>(sessionStorage, `kring:role:${meeting}`).write(role);
    await startColleagues(meeting, { key, seats: SIMULATED, role, language });
  }
  return `/m/${meeting}#k=${key}`;
}

function trouble(form: HTMLFormElement, error: unknown): string {
  const { troubleNetwork = "", troubleTooMany = "", troubleOther = "" } = form.dataset;
  if (!(error instanceof HttpError)) return troubleNetwork;
  if (error.status === NOT_NOW) return notNow(form, error);
  return error.status === TOO_MANY ? troubleTooMany : troubleOther;
}

/** No new meeting can begin; the text says when one may, in minutes. */
function notNow(form: HTMLFormElement, { code, retryAfter }: HttpError): string {
  const { troubleOverloaded = "", troubleUnready = "" } = form.dataset;
  const minutes = Math.ceil(retryAfter / 60) || A_WHILE;
  return (code === "overloaded" ? troubleOverloaded : troubleUnready).replace("{minutes}", String(minutes));
}

/** Below the button that was pressed, where whoever pressed it looks. What is nobody's fault looks calm. */
function show(text: string, below: HTMLElement | null, calm = false): void {
  const place = document.getElementById("start-trouble");
  if (!place) return;
  below?.after(place);
  place.className = calm ? "calm" : "notice";
  place.textContent = text;
  place.hidden = text === "";
  if (text) place.scrollIntoView({ block: "nearest" });
}

/** Says that something is happening; the pressed button keeps the focus, so it is not `disabled`. */
function busy(button: HTMLElement | null, text: string | undefined): () => void {
  if (!(button instanceof HTMLButtonElement)) return () => undefined;
  const label = button.textContent;
  button.setAttribute(BUSY, "true");
  if (text) button.textContent = text;
  return () => {
    button.removeAttribute(BUSY);
    button.textContent = label;
  };
}

async function submitted(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  if (form.querySelector(`[${BUSY}]`)) return;
  const wanted = wish(form, button);
  show("", button);
  const free = busy(button, form.dataset.busyText);
  try {
    location.assign(await open(wanted));
  } catch (error) {
    free();
    show(trouble(form, error), button, error instanceof HttpError && error.status === NOT_NOW);
  }
}

const form = document.getElementById("start");
if (form instanceof HTMLFormElement) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submitted(form, event.submitter);
  });
  form.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.name === "method") offer(form, target.dataset);
  });
  // A reload keeps what was chosen, while the page is made for the first method.
  const kept = form.querySelector<HTMLInputElement>("[name=method]:checked");
  if (kept) offer(form, kept.dataset);
  for (const button of form.querySelectorAll<HTMLButtonElement>("[name=practice]")) button.disabled = false;
  // Coming back by the browser's history finds the page as it was left: with the button still busy.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
