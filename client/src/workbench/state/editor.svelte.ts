// The state of the workbench: the file, the checker's remarks, undo and redo, and the draft that everything is saved in.
import { type Language, language } from "../../design/language.svelte.ts";
import { METHOD_LANGUAGES } from "../../design/languages.gen.ts";
import { type Method, readMethod } from "../../protocol/method.ts";
import { HttpError } from "../../transport/api.ts";
import type { Change, Checked, Published, Remark } from "./api.ts";
import { tooLarge } from "./decoded.ts";
import type { Draft, Drafts } from "./drafts.ts";
import { MethodFile, type Place } from "./file.ts";
import { named, PARTS, type Part } from "./parts.ts";

const CHECK_DELAY = 250;
/** Milliseconds within which changes of one field are undone together. */
const MERGE_WITHIN = 1500;
const MAX_UNDO = 200;
const RETRY_AFTER = 4000;

export interface Server {
  check(text: string, against: string | null, language: Language): Promise<Checked>;
  publish(text: string, of: { id: string; key: string } | null): Promise<Published>;
}

/** Why the latest text has not been checked. */
export type CheckFailure = "offline" | "busy" | "too-long" | "too-large" | null;

export class Editor {
  file = $state.raw(new MethodFile(""));
  draft = $state.raw<Draft | null>(null);
  /** The language in which texts are being written. */
  language = $state<string>(METHOD_LANGUAGES[0]);
  remarks = $state.raw<readonly Remark[]>([]);
  changes = $state.raw<readonly Change[]>([]);
  /** The drawing of that version, by the language that it is in. */
  flow = $state.raw<Readonly<Record<string, string>>>({});
  /** The latest readable version, with the defaults of each kind filled in. */
  method = $state.raw<Method | null>(null);
  checked = $state(false);
  saved = $state(true);
  changedElsewhere = $state(false);
  failure = $state<CheckFailure>(null);
  #undoStack = $state.raw<readonly string[]>([]);
  #redoStack = $state.raw<readonly string[]>([]);
  #lastChange = { of: "", at: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #checkNumber = 0;
  /** The text of which `flow` is the drawing. */
  #drawn: string | null = null;
  /** The draft as this window read or wrote it last; `null` where it is kept nowhere. */
  #known: Draft | null = null;
  readonly #drafts: Drafts;
  readonly #server: Server;
  readonly #now: () => number;

  constructor(drafts: Drafts, server: Server, now: () => number = Date.now) {
    this.#drafts = drafts;
    this.#server = server;
    this.#now = now;
  }

  /** Languages that its texts are in or have to be in. */
  get languages(): readonly string[] {
    const named = Object.keys((this.file.raw.name ?? {}) as object);
    return [...new Set([...METHOD_LANGUAGES, ...named])];
  }

  /** The same text for every language, until somebody translates it. */
  everywhere(text: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.languages.map((code) => [code, text]));
  }

  get runnable(): boolean {
    return this.checked && this.failure === null && this.remarks.length === 0 && this.method !== null;
  }

  get canUndo(): boolean {
    return this.#undoStack.length > 0;
  }

  get canRedo(): boolean {
    return this.#redoStack.length > 0;
  }

  /** Starts a new draft; `base` is what changes are shown against. */
  begin(text: string, base: string = text): void {
    this.open({ id: newId(), text, base, published: null, at: this.#now() });
    this.#save();
  }

  open(draft: Draft): void {
    this.draft = draft;
    this.#known = this.#drafts.read(draft.id);
    this.file = new MethodFile(draft.text);
    this.#undoStack = [];
    this.#redoStack = [];
    this.method = null;
    this.changedElsewhere = false;
    this.#scheduleCheck(0);
  }

  /** Changes the file. Changes with the same `mark` within a short time are undone together. */
  change(file: MethodFile, mark = ""): void {
    if (file.text === this.file.text) return;
    const now = this.#now();
    const merges = mark !== "" && this.#lastChange.of === mark && now - this.#lastChange.at < MERGE_WITHIN;
    if (!merges) this.#undoStack = [...this.#undoStack, this.file.text].slice(-MAX_UNDO);
    this.#lastChange = { of: mark, at: now };
    this.#redoStack = [];
    this.#show(file);
  }

  undo(): void {
    const text = this.#undoStack.at(-1);
    if (text === undefined) return;
    this.#undoStack = this.#undoStack.slice(0, -1);
    this.#redoStack = [...this.#redoStack, this.file.text];
    this.#restore(text);
  }

  redo(): void {
    const text = this.#redoStack.at(-1);
    if (text === undefined) return;
    this.#redoStack = this.#redoStack.slice(0, -1);
    this.#undoStack = [...this.#undoStack, this.file.text];
    this.#restore(text);
  }

  /** What is wrong with a phase, or (`null`) with what holds for the method as a whole. */
  remarksOf(place: Place | null): readonly Remark[] {
    return this.remarks.filter(({ line }) => {
      const at = this.file.phaseAt(line);
      if (place !== null) return at?.path.join() === place.path.join();
      return at === null && !PARTS.some((part) => this.file.covers([part], line));
    });
  }

  /** What is wrong with one of the roles, forms or sub-protocols, or (`null`) with all of them together; not with phases. */
  remarksIn(part: Part, id: string | null): readonly Remark[] {
    const ids = named(this.file, part).map(([one]) => one);
    return this.remarks.filter(({ line }) => {
      if (this.file.phaseAt(line) || !this.file.covers([part], line)) return false;
      const at = ids.find((one) => this.file.covers([part, one], line)) ?? null;
      return at === id;
    });
  }

  /** Asks for the drawing in this language where there is none: it was drawn before the page changed language. */
  async drawIn(spoken: Language): Promise<void> {
    const { flow } = this;
    const text = this.#drawn;
    if (text === null || spoken in flow) return;
    try {
      const drawn = (await this.#server.check(text, null, spoken)).flow;
      if (text === this.#drawn && spoken in drawn) this.flow = { ...this.flow, ...drawn };
    } catch (error) {
      if (passes(failureOf(error))) setTimeout(() => void this.drawIn(spoken), RETRY_AFTER);
    }
  }

  async publish(): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    const published = await this.#server.publish(draft.text, draft.published);
    const open = this.draft?.id === draft.id ? this.draft : null;
    const updated = { ...(open ?? this.#drafts.read(draft.id) ?? draft), base: draft.text, published, at: this.#now() };
    if (!open) {
      this.#drafts.save(updated); // another one is open by now, and must not get this one's key
      return;
    }
    this.draft = updated;
    this.#save();
    this.#scheduleCheck(0);
  }

  /** The result, if the same draft (or none) is still open when it comes; else `null`. */
  async whileOpen<T>(pending: Promise<T>): Promise<T | null> {
    const id = this.draft?.id;
    const result = await pending;
    return this.draft?.id === id ? result : null;
  }

  /** Another window changed this draft: this one continues as a separate draft. */
  otherWindow(id: string): void {
    const { draft } = this;
    const other = this.#drafts.read(id);
    if (!draft || draft.id !== id) return;
    if (other?.text === draft.text) {
      // It may have been published there: with what it was, and the author's key.
      this.draft = { ...draft, base: other.base, published: other.published };
      this.#known = other;
      return;
    }
    this.draft = { ...draft, id: newId() };
    this.changedElsewhere = true;
    this.#save();
  }

  #restore(text: string): void {
    this.#lastChange = { of: "", at: 0 };
    this.#show(new MethodFile(text));
  }

  #show(file: MethodFile): void {
    this.file = file;
    if (this.draft) this.draft = { ...this.draft, text: file.text, at: this.#now() };
    this.#save();
    this.#scheduleCheck(CHECK_DELAY);
  }

  #save(): void {
    if (!this.draft) return;
    const there = this.#drafts.read(this.draft.id);
    if (there && JSON.stringify(there) !== JSON.stringify(this.#known)) this.#parted(this.draft, there);
    this.saved = this.#drafts.save(this.draft);
    this.#known = this.#drafts.read(this.draft.id);
  }

  /** Another window has written, and this one has not heard of it: neither is written over. */
  #parted(draft: Draft, there: Draft): void {
    const published = there.text === this.#known?.text;
    this.draft = published ? { ...draft, base: there.base, published: there.published } : { ...draft, id: newId() };
    this.changedElsewhere ||= !published;
  }

  #scheduleCheck(pause: number): void {
    this.checked = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#runCheck(), pause);
  }

  async #runCheck(): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    this.#checkNumber += 1;
    const number = this.#checkNumber;
    const large = tooLarge(new Blob([draft.text]).size);
    if (large) {
      // As the reader says it; the server need not be sent what it can't take.
      this.#receive({ remarks: [large], method: null, changes: this.changes, flow: {} }, draft.text);
      return;
    }
    try {
      const answer = await this.#server.check(draft.text, draft.base, language.value);
      if (number === this.#checkNumber) this.#receive(answer, draft.text);
    } catch (error) {
      if (number !== this.#checkNumber) return;
      this.failure = failureOf(error);
      if (passes(this.failure)) this.#scheduleCheck(RETRY_AFTER);
    }
  }

  #receive(answer: Checked, text: string): void {
    this.remarks = answer.remarks;
    this.changes = answer.changes ?? [];
    if (answer.method) {
      this.method = readMethod(answer.method);
      this.#drawn = text;
      this.flow = answer.flow;
    }
    this.failure = null;
    this.checked = true;
  }
}

/** Whether it is worth another try in a moment. */
function passes(failure: CheckFailure): boolean {
  return failure === "offline" || failure === "busy";
}

function failureOf(error: unknown): CheckFailure {
  if (!(error instanceof HttpError)) return "offline";
  if (error.code === "takes-too-long") return "too-long";
  return error.code === "too-large" ? "too-large" : "busy";
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
