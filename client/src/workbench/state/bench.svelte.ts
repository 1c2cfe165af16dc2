// The workbench's state: the file, what the checker says of it, the way back, and the draft that keeps it all.
import { METHOD_LANGUAGES } from "../../design/languages.gen.ts";
import { type Method, readMethod } from "../../protocol/method.ts";
import { HttpError } from "../../transport/api.ts";
import type { Change, Checked, Published, Remark } from "./api.ts";
import type { Draft, Drafts } from "./drafts.ts";
import { MethodFile, type Place } from "./file.ts";
import { named, PARTS, type Part } from "./parts.ts";

const PAUSE = 250;
/** Milliseconds within which changes of one field are one step back. */
const ONE_STEP = 1500;
const STEPS = 200;
const AGAIN = 4000;
/** Bytes: what the reader takes. */
export const MOST = 256 * 1024;

export interface Server {
  check(text: string, against: string | null): Promise<Checked>;
  publish(text: string, of: { id: string; key: string } | null): Promise<Published>;
}

/** Why what is on the screen may not be what the checker said last. */
export type Trouble = "offline" | "busy" | "too-long" | "too-large" | null;

export class Bench {
  file = $state.raw(new MethodFile(""));
  draft = $state.raw<Draft | null>(null);
  /** What the texts are written in just now. */
  writes = $state<string>(METHOD_LANGUAGES[0]);
  remarks = $state.raw<readonly Remark[]>([]);
  changes = $state.raw<readonly Change[]>([]);
  flow = $state.raw<Readonly<Record<string, string>>>({});
  /** The method as it was last readable: what a kind's shorthand stands for is found here. */
  method = $state.raw<Method | null>(null);
  checked = $state(false);
  kept = $state(true);
  elsewhere = $state(false);
  trouble = $state<Trouble>(null);
  #back = $state.raw<readonly string[]>([]);
  #forth = $state.raw<readonly string[]>([]);
  #mark = { of: "", at: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  readonly #drafts: Drafts;
  readonly #server: Server;
  readonly #now: () => number;

  constructor(drafts: Drafts, server: Server, now: () => number = Date.now) {
    this.#drafts = drafts;
    this.#server = server;
    this.#now = now;
  }

  /** Languages that its texts are in, or must be. */
  get languages(): readonly string[] {
    const named = Object.keys((this.file.raw.name ?? {}) as object);
    return [...new Set([...METHOD_LANGUAGES, ...named])];
  }

  /** A text that is the same in every language, until somebody translates it. */
  everywhere(text: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.languages.map((code) => [code, text]));
  }

  get runnable(): boolean {
    return this.checked && this.trouble === null && this.remarks.length === 0 && this.method !== null;
  }

  get canUndo(): boolean {
    return this.#back.length > 0;
  }

  get canRedo(): boolean {
    return this.#forth.length > 0;
  }

  /** Begins something new; `base` is what changes are told against. */
  begin(text: string, base: string = text): void {
    this.open({ id: newId(), text, base, published: null, at: this.#now() });
    this.#keep();
  }

  open(draft: Draft): void {
    this.draft = draft;
    this.file = new MethodFile(draft.text);
    this.#back = [];
    this.#forth = [];
    this.method = null;
    this.elsewhere = false;
    this.#check(0);
  }

  /** Changes the file. Changes with the same `mark` shortly after each other are one step back. */
  change(file: MethodFile, mark = ""): void {
    if (file.text === this.file.text) return;
    const now = this.#now();
    const goesOn = mark !== "" && this.#mark.of === mark && now - this.#mark.at < ONE_STEP;
    if (!goesOn) this.#back = [...this.#back, this.file.text].slice(-STEPS);
    this.#mark = { of: mark, at: now };
    this.#forth = [];
    this.#show(file);
  }

  undo(): void {
    const text = this.#back.at(-1);
    if (text === undefined) return;
    this.#back = this.#back.slice(0, -1);
    this.#forth = [...this.#forth, this.file.text];
    this.#again(text);
  }

  redo(): void {
    const text = this.#forth.at(-1);
    if (text === undefined) return;
    this.#forth = this.#forth.slice(0, -1);
    this.#back = [...this.#back, this.file.text];
    this.#again(text);
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

  async publish(): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    const published = await this.#server.publish(draft.text, draft.published);
    const open = this.draft?.id === draft.id ? this.draft : null;
    const told = { ...(open ?? this.#drafts.read(draft.id) ?? draft), base: draft.text, published, at: this.#now() };
    if (!open) {
      this.#drafts.keep(told); // another one is open by now, and must not get this one's key
      return;
    }
    this.draft = told;
    this.#keep();
    this.#check(0);
  }

  /** What comes while the same draft, or still none, is open; `null` when that changed meanwhile. */
  async still<T>(coming: Promise<T>): Promise<T | null> {
    const id = this.draft?.id;
    const came = await coming;
    return this.draft?.id === id ? came : null;
  }

  /** Another window changed this draft: from now on this one goes on as a draft of its own. */
  otherWindow(id: string): void {
    const { draft } = this;
    const theirs = this.#drafts.read(id);
    if (draft?.id !== id || theirs?.text === draft.text) return;
    this.draft = { ...draft, id: newId() };
    this.elsewhere = true;
    this.#keep();
  }

  #again(text: string): void {
    this.#mark = { of: "", at: 0 };
    this.#show(new MethodFile(text));
  }

  #show(file: MethodFile): void {
    this.file = file;
    if (this.draft) this.draft = { ...this.draft, text: file.text, at: this.#now() };
    this.#keep();
    this.#check(PAUSE);
  }

  #keep(): void {
    if (this.draft) this.kept = this.#drafts.keep(this.draft);
  }

  #check(pause: number): void {
    this.checked = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), pause);
  }

  async #ask(): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    this.#asked += 1;
    const number = this.#asked;
    if (new Blob([draft.text]).size > 2 * MOST) {
      this.trouble = "too-large";
      return;
    }
    try {
      const answer = await this.#server.check(draft.text, draft.base);
      if (number === this.#asked) this.#hear(answer);
    } catch (error) {
      if (number !== this.#asked) return;
      this.trouble = troubleOf(error);
      if (this.trouble === "offline" || this.trouble === "busy") this.#check(AGAIN);
    }
  }

  #hear(answer: Checked): void {
    this.remarks = answer.remarks;
    this.changes = answer.changes ?? [];
    if (answer.method) {
      this.method = readMethod(answer.method);
      this.flow = answer.flow;
    }
    this.trouble = null;
    this.checked = true;
  }
}

function troubleOf(error: unknown): Trouble {
  if (!(error instanceof HttpError)) return "offline";
  if (error.code === "takes-too-long") return "too-long";
  return error.code === "too-large" ? "too-large" : "busy";
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
