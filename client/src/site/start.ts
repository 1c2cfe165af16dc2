// The start page's form: creates a meeting, makes its key in the browser, and goes there.
import { HttpError, startColleagues } from "../transport/api.ts";
import { StoredValue, sessionStore } from "../transport/storage.ts";
import { openMeeting } from "./opening.ts";

const SIMULATED = 5;
const UNAVAILABLE = 503;
/** Minutes to wait where the server doesn't say. */
const DEFAULT_MINUTES = 2;
/** A browser encrypts on secure pages only; elsewhere a meeting could be opened and nobody could take a seat in it. */
const SECURE = globalThis.crypto?.subtle !== undefined;
const BUSY = "aria-disabled";
type Role = "owner" | "participant" | "facilitator";

interface Selection {
  readonly method: string;
  readonly practice: boolean;
  readonly written: boolean;
  /** Round one table: the lobby then begins with the table screen. */
  readonly table: boolean;
  readonly role: Role;
  readonly language: string;
}

/** What was selected in the form, and which button was pressed. */
function selection(form: HTMLFormElement, button: HTMLElement | null): Selection {
  const data = new FormData(form);
  const role = String(data.get("role") ?? "participant");
  const practice = button instanceof HTMLButtonElement && button.name === "practice" && button.value === "true";
  return {
    method: String(data.get("method") ?? ""),
    practice,
    written: !practice && data.get("way") === "written",
    table: !practice && data.get("way") === "table",
    role: role === "owner" || role === "facilitator" ? role : "participant",
    language: form.dataset.language ?? "en",
  };
}

/** Shows the selected method by name, in which forms it can be held, and the roles in which it can be practised. */
function offer(form: HTMLFormElement, method: HTMLInputElement): void {
  const { ways = "", roles = "", writing = "" } = method.dataset;
  const text = form.querySelector("#writing");
  if (!text) return;
  showOnly(form, "way", ways.split(" "));
  showOnly(form, "role", roles.split(" "));
  text.textContent = writing;
  const name = method.closest("label")?.querySelector(".method-name");
  const picked = form.querySelector<HTMLElement>("[data-picked]");
  if (!name || !picked) return;
  picked.textContent = name.textContent;
  const lang = name.getAttribute("lang");
  picked.toggleAttribute("lang", lang !== null);
  if (lang) picked.lang = lang;
}

/** Shows only the radio buttons that apply to this method. */
function showOnly(form: HTMLFormElement, name: string, known: readonly string[]): void {
  const radios = [...form.querySelectorAll<HTMLInputElement>(`[name=${name}]`)];
  for (const radio of radios) (radio.closest("label") ?? radio).hidden = !known.includes(radio.value);
  const offered = radios.filter((radio) => known.includes(radio.value));
  // Falls back to the first one if the selected one no longer applies.
  if (!offered.some((radio) => radio.checked) && offered[0]) offered[0].checked = true;
}

async function open({ method, practice, written, table, role, language }: Selection): Promise<string> {
  const { meeting, key } = await openMeeting({ method, practice, written, language });
  if (table) new StoredValue<string>(sessionStore, `kring:sits:${meeting}`).write("table");
  if (practice) {
    new StoredValue<string>(sessionStore, `kring:role:${meeting}`).write(role);
    await startColleagues(meeting, { key, seats: SIMULATED, role, language });
  }
  // Where the tab keeps nothing, the next page is told in the part of the address that stays in the browser.
  const told = practice && !sessionStore.lasts ? `&role=${role}` : "";
  return `/m/${meeting}#k=${key}${told}`;
}

/** Whether Kring itself says that no meeting can be created now. */
function unavailable(error: unknown): boolean {
  return error instanceof HttpError && error.code !== "" && error.status === UNAVAILABLE;
}

function errorText(form: HTMLFormElement, error: unknown): string {
  const { troubleNetwork = "", troubleTooMany = "", troubleOther = "" } = form.dataset;
  // Without a code of Kring's it was somebody in between: Kring wasn't reached.
  if (!(error instanceof HttpError) || error.code === "") return troubleNetwork;
  if (unavailable(error)) return unavailableText(form, error);
  return error.code === "too-many" ? troubleTooMany : troubleOther;
}

/** No meeting can be created now; the text says when to try again, in minutes. */
function unavailableText(form: HTMLFormElement, { code, retryAfter }: HttpError): string {
  const { troubleOverloaded = "", troubleUnready = "" } = form.dataset;
  const minutes = Math.ceil(retryAfter / 60) || DEFAULT_MINUTES;
  return (code === "overloaded" ? troubleOverloaded : troubleUnready).replace("{minutes}", String(minutes));
}

/** Below the button that was pressed. What is nobody's fault is not shown as an error. */
function show(text: string, below: HTMLElement | null, calm = false): void {
  const place = document.getElementById("start-trouble");
  if (!place) return;
  below?.after(place);
  place.className = calm ? "calm" : "notice";
  place.textContent = text;
  place.hidden = text === "";
  if (text) place.scrollIntoView({ block: "nearest" });
}

/** Shows progress on the button, which keeps the focus and so is not `disabled`; returns a function that restores it. */
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
  if (!SECURE) return show(form.dataset.troubleInsecure ?? "", button);
  const selected = selection(form, button);
  show("", button);
  const restore = busy(button, form.dataset.busyText);
  try {
    location.assign(await open(selected));
  } catch (error) {
    restore();
    show(errorText(form, error), button, unavailable(error));
  }
}

/** The door that the address leads to is open: `#meet` from the list of methods. */
function openDoor(): void {
  const door = document.querySelector<HTMLDetailsElement>("details.door:target");
  if (door) door.open = true;
}

/** Another door shuts when one is opened, and takes its height along: the open one comes into sight, its top first. */
function comeIntoSight(door: HTMLDetailsElement): void {
  if (!door.open) return;
  const { top, bottom } = door.getBoundingClientRect();
  // In whole pixels: where a browser scrolls by these, half of one would stay out of sight.
  const below = Math.max(0, Math.ceil(bottom - innerHeight));
  window.scrollBy(0, Math.floor(Math.min(top, below)));
}

for (const door of document.querySelectorAll<HTMLDetailsElement>("details.door"))
  door.querySelector("summary")?.addEventListener("click", () => requestAnimationFrame(() => comeIntoSight(door)));

const form = document.getElementById("start");
if (form instanceof HTMLFormElement) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submitted(form, event.submitter);
  });
  form.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.name === "method") offer(form, target);
  });
  // A reload keeps the selection, while the page is rendered for the first method.
  const checked = form.querySelector<HTMLInputElement>("[name=method]:checked");
  if (checked) offer(form, checked);
  for (const button of form.querySelectorAll<HTMLButtonElement>("[name=practice]")) button.disabled = false;
  openDoor();
  window.addEventListener("hashchange", openDoor);
  // The page restored from the browser's history still has a busy button.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

// Whoever opens the door for a code is about to knock: what that takes comes now.
const code = document.getElementById("code");
if (code) {
  const knocking = (): void => {
    if (!code.hasAttribute("open")) return;
    code.removeEventListener("toggle", knocking);
    import("./knock.ts").then(
      ({ carry }) => carry(code),
      () => code.addEventListener("toggle", knocking),
    );
  };
  code.addEventListener("toggle", knocking);
  openDoor();
  knocking();
}
