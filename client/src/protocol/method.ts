// A method as the server sends it (`kring.methods.model`). Defaults are left out on the wire; `readMethod` fills them.

/** One sentence in several languages, by language code. */
export type Text = { readonly [language: string]: string };
/** `owner`, `participant`, `facilitator`, `everyone`, `previous-owner`, or the id of a role of the method. */
export type Selector = string;
export type Position = "in" | "aside" | "back" | "unseen" | "out";
export type Kind =
  | "collect"
  | "choose"
  | "tell"
  | "write"
  | "ask-round"
  | "ask-free"
  | "answer"
  | "gossip"
  | "hypothesis"
  | "resonance"
  | "affirm"
  | "advise"
  | "reformulate"
  | "respond"
  | "decide"
  | "tip"
  | "silence"
  | "harvest"
  | "evaluate";
export type What =
  | "case"
  | "theme"
  | "explanation"
  | "note"
  | "question"
  | "answer"
  | "hypothesis"
  | "resonance"
  | "affirmation"
  | "advice"
  | "tip"
  | "reformulation"
  | "response"
  | "decision"
  | "insight"
  | "remark"
  | "rating"
  | "action";

export interface Source {
  readonly ref: string;
  readonly status: "stated" | "found" | "unverified" | "ours";
}

export interface FormField {
  readonly id: string;
  readonly name: Text;
  readonly kind: "line" | "text" | "word" | "choice" | "rating" | "date" | "given";
  readonly choices: Readonly<Record<string, Text>>;
  /** For `given`: what is picked from. */
  readonly of: What | null;
  readonly words: number | null;
  readonly optional: boolean;
}

export interface Form {
  readonly fields: readonly FormField[];
}

/** One field of a set that questions may be tagged with. */
export interface Field {
  readonly name: Text;
  readonly example: Text;
}

/** From whom something is kept, and until when. */
export interface Withheld {
  readonly from: Selector;
  readonly until: string;
}

export interface Give {
  readonly who: Selector;
  readonly what: What;
  readonly least: number;
  readonly most: number;
  readonly turns: "circle" | "free" | "alone";
  readonly order: "circle" | "owner-first" | "owner-last";
  readonly by: "spoken" | "written" | "either";
  /** Id of a form of the method, or `text` for one field `text`. */
  readonly form: string;
  readonly fields: string | null;
  readonly reply: { readonly who: Selector; readonly what: What } | null;
  readonly "follow-up": boolean;
  /** Asked only when what is above it is done. */
  readonly then: boolean;
  /** So many at most by all who give it. */
  readonly together: number | null;
  readonly withheld: Withheld | null;
}

export interface Choose {
  readonly what: What | "module";
  readonly by: "vote" | "urgency" | "rotation" | "lot" | "everyone" | "facilitator" | "owner";
  readonly votes: number;
  /** How many of what was given are chosen. */
  readonly many: number;
}

/** For how long at most a phase waits for what is owed when its time is up: in minutes together, in hours in writing. */
export interface Overtime {
  readonly minutes: number;
  readonly hours: number;
}

export interface Prompt {
  readonly do: Text;
  readonly why: Text | null;
}

export interface Phase {
  readonly id: string;
  readonly kind: Kind;
  readonly name: Text;
  readonly minutes: number;
  /** It takes from so many minutes to `minutes`. */
  readonly "minutes-from": number | null;
  /** What the minutes are for. */
  readonly per: "phase" | "case" | "person";
  readonly prompts: Readonly<Record<Selector, Prompt>>;
  readonly hours: number;
  readonly spread: "source" | "ours";
  readonly gives: readonly Give[];
  readonly position: Readonly<Record<Selector, Position>>;
  readonly hidden: "no" | "done" | "end";
  readonly withheld: Withheld | null;
  readonly advice: boolean;
  readonly silence: boolean;
  readonly ends: readonly ("done" | "time" | "agreed")[];
  readonly agree: "most" | "everyone";
  readonly wait: boolean;
  readonly skip: boolean;
  readonly extend: { readonly times: number; readonly minutes: number } | null;
  readonly overtime: Overtime | null;
  readonly choose: Choose | null;
  readonly fills: readonly string[];
  readonly runs: "module" | null;
  readonly once: boolean;
  readonly hints: readonly Text[];
}

export interface Role {
  readonly name: Text;
  readonly apart: boolean;
  /** How many have it at the same time. */
  readonly holders: { readonly min: number; readonly max: number };
}

export interface Module {
  readonly name: Text;
  readonly summary: Text;
  readonly phases: readonly Phase[];
}

export interface Method {
  readonly kring: 1;
  readonly id: string;
  readonly name: Text;
  readonly summary: Text;
  readonly source: readonly Source[];
  readonly group: { readonly min: number; readonly max: number };
  readonly minutes: number;
  readonly "minutes-from": number | null;
  /** A written meeting takes no more days than this. */
  readonly days: number | null;
  readonly level: readonly ("concrete" | "advice" | "reflection")[];
  readonly advice: "never" | "late" | "free";
  readonly round: readonly Phase[];
  readonly opening: readonly Phase[];
  readonly closing: readonly Phase[];
  readonly cases: number | "everyone";
  readonly strict: boolean;
  readonly facilitator: "needed" | "optional";
  readonly roles: Readonly<Record<string, Role>>;
  readonly forms: Readonly<Record<string, Form>>;
  readonly fields: Readonly<Record<string, Readonly<Record<string, Field>>>>;
  readonly modules: Readonly<Record<string, Module>>;
  readonly prepare: Text | null;
  readonly ways: readonly ("spoken" | "written")[];
  readonly trust: "none" | "low" | "medium" | "high";
  readonly "starts-from": "question" | "success";
  readonly "first-time": boolean;
  readonly featured: boolean;
  readonly "choose-when": Text | null;
  readonly "not-when": Text | null;
  readonly caution: Text | null;
  readonly feedback: readonly Text[];
  readonly "slow-down": readonly Text[];
  readonly extends: string | null;
}

/** What the start page lists (`GET /api/methods`). */
export interface MethodSummary {
  readonly id: string;
  readonly name: Text;
  readonly summary: Text;
  readonly minutes: number;
  readonly group: { readonly min: number; readonly max: number };
  readonly advice: "never" | "late" | "free";
  readonly cases: number | "everyone";
  readonly ways: readonly ("spoken" | "written")[];
  readonly featured: boolean;
}

type Json = { readonly [key: string]: unknown };

/** What a give is where its file says nothing. */
export const GIVE: Json = {
  least: 0,
  most: 1,
  turns: "free",
  order: "circle",
  by: "either",
  form: "text",
  fields: null,
  reply: null,
  "follow-up": false,
  then: false,
  together: null,
  withheld: null,
};
/** How long a phase waits in overtime where its file says nothing. */
export const OVERTIME: Overtime = { minutes: 5, hours: 24 };
const PHASE = {
  "minutes-from": null,
  per: "phase",
  hours: 24,
  spread: "ours",
  gives: [],
  position: {},
  hidden: "no",
  withheld: null,
  advice: false,
  silence: false,
  ends: ["done", "agreed"],
  agree: "most",
  wait: true,
  skip: false,
  extend: null,
  overtime: null,
  choose: null,
  fills: [],
  runs: null,
  once: false,
  hints: [],
};
const METHOD = {
  "minutes-from": null,
  days: null,
  opening: [],
  closing: [],
  cases: 1,
  strict: false,
  facilitator: "optional",
  roles: {},
  forms: {},
  fields: {},
  modules: {},
  prepare: null,
  ways: ["spoken"],
  trust: "medium",
  "starts-from": "question",
  "first-time": false,
  featured: false,
  "choose-when": null,
  "not-when": null,
  caution: null,
  feedback: [],
  "slow-down": [],
  extends: null,
};

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const entries = (value: unknown): readonly [string, Json][] => Object.entries((value ?? {}) as Record<string, Json>);
const mapped = <T>(value: unknown, read: (part: Json) => T): Record<string, T> =>
  Object.fromEntries(entries(value).map(([key, part]) => [key, read(part)]));
const filled = (part: unknown, defaults: Json): Json | null => (part ? { ...defaults, ...(part as Json) } : null);

const withheld = (part: unknown): Json | null => filled(part, { from: "owner", until: "end" });

function readGive(part: Json): Give {
  const reply = filled(part.reply, { who: "owner", what: "answer" });
  return { ...GIVE, ...part, reply, withheld: withheld(part.withheld) } as unknown as Give;
}

function readPhase(part: Json): Phase {
  const read = {
    ...PHASE,
    ...part,
    gives: list(part.gives).map(readGive),
    prompts: mapped(part.prompts, (prompt) => ({ why: null, ...prompt })),
    withheld: withheld(part.withheld),
    extend: filled(part.extend, { times: 1, minutes: 5 }),
    overtime: filled(part.overtime, { ...OVERTIME }),
    choose: filled(part.choose, { what: "case", by: "vote", votes: 1, many: 1 }),
  };
  return read as unknown as Phase;
}

function readForm(part: Json): Form {
  const defaults = { kind: "text", choices: {}, of: null, words: null, optional: false };
  return { fields: list(part.fields).map((field) => ({ ...defaults, ...field })) } as unknown as Form;
}

/** The method with every default filled in. It is not validated here: the server has done that. */
export function readMethod(json: unknown): Method {
  const part = json as Json;
  const read = {
    ...METHOD,
    ...part,
    source: list(part.source).map((source) => ({ status: "found", ...source })),
    opening: list(part.opening).map(readPhase),
    round: list(part.round).map(readPhase),
    closing: list(part.closing).map(readPhase),
    roles: mapped(part.roles, (role) => ({
      apart: false,
      ...role,
      holders: filled(role.holders ?? {}, { min: 1, max: 1 }),
    })),
    forms: mapped(part.forms, readForm),
    modules: mapped(part.modules, (module) => ({ ...module, phases: list(module.phases).map(readPhase) })),
  };
  return read as unknown as Method;
}

/** Every phase that has a place on the rail, with its section; module phases are found by `findPhase`. */
export function findPhase(method: Method, id: string, module: string | null = null): Phase | null {
  const sections = module
    ? (method.modules[module]?.phases ?? [])
    : [...method.opening, ...method.round, ...method.closing];
  return sections.find((phase) => phase.id === id) ?? null;
}

/** Every phase of a method, those of its modules last. */
export function phasesOf(method: Method): readonly Phase[] {
  const modules = Object.values(method.modules).flatMap((module) => module.phases);
  return [...method.opening, ...method.round, ...method.closing, ...modules];
}

/** The form of a give: the method's own, or one field `text`. */
export function formOf(method: Method, id: string): Form {
  const plain: FormField = {
    id: "text",
    name: {},
    kind: "text",
    choices: {},
    of: null,
    words: null,
    optional: false,
  };
  return method.forms[id] ?? { fields: [plain] };
}

/** The language that a text is read in: this one, else English, else any that it has. */
export function readIn(text: Text | null | undefined, language: string): string {
  if (!text) return language;
  return [language, "en", ...Object.keys(text)].find((code) => text[code] !== undefined) ?? language;
}

/** The sentence in this language, else in English, else in any. */
export function pick(text: Text | null | undefined, language: string): string {
  return text?.[readIn(text, language)] ?? "";
}
