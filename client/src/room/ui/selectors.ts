// Selectors: what a view means for the person who looks at it. Pure, without texts.
import type { Devices, Fields, ItemView, SeatView, SlotView, View } from "../../protocol/index.ts";
import type { FormField, Method, Phase, Prompt } from "../../protocol/method.ts";
import type { Content } from "../state/contents.svelte.ts";
import type { Position } from "./circle.ts";

const APART: ReadonlySet<string> = new Set(["back", "unseen", "out"]);
const SILENCED: ReadonlySet<string> = new Set([...APART, "aside"]);

export function seatOf(view: View, id: string | null | undefined): SeatView | null {
  return view.seats.find((seat) => seat.id === id) ?? null;
}

export function positionOf(seat: SeatView): Position {
  return seat.position as Position;
}

/** Whether this seat counts as away; in a written meeting nobody does. */
export function missing(view: View | null, seat: SeatView): boolean {
  return seat.device && !seat.here && !view?.meeting.written;
}

/** Why nothing comes from this seat: it counts as away, or its line is closed or silent. To be shown; what may be done goes by `here`. */
export function absence(view: View | null, devices: Devices, seat: SeatView): "away" | "offline" | null {
  if (missing(view, seat)) return "away";
  return (devices.offline ?? []).includes(seat.id) && !view?.meeting.written ? "offline" : null;
}

/** Whether this seat sits apart from the circle. */
export function apart(seat: SeatView | null): boolean {
  return seat !== null && APART.has(seat.position);
}

/** Whether this seat may say and write nothing now. */
export function silenced(seat: SeatView | null): boolean {
  return seat !== null && SILENCED.has(seat.position);
}

/** The prompt for this seat: the speaker's while it has the floor, else that of its role. */
export function promptFor(step: Phase, view: View, me: SeatView | null): Prompt | null {
  const { prompts } = step;
  const roles = me?.roles ?? [];
  const owner = me !== null && (roles.includes("owner") || view.round?.owner === me.id);
  if (prompts.chooser && mayChoose(view)) return prompts.chooser;
  const gives = givesNow(view, me);
  if (gives !== undefined && prompts.speaker && spokenFor(step, gives, owner)) return prompts.speaker;
  const own = roles.find((role) => !["owner", "participant", "facilitator"].includes(role) && prompts[role]);
  if (own) return prompts[own] ?? null;
  if (owner) return prompts.owner ?? prompts.everyone ?? prompts.participant ?? null;
  const leads = roles.includes("facilitator");
  if (leads && prompts.facilitator) return prompts.facilitator;
  return prompts.participant ?? prompts.everyone ?? prompts.facilitator ?? prompts.owner ?? null;
}

/** A prompt's text where all is written: without the sentence for whoever sits before a camera, which begins with *Online*. */
export function inWriting(text: string): string {
  return text.replace(/(?:^|(?<=[.!?…]\s))(?:Online|En ligne)\s?:[^.!?…]*[.!?…]\s*/gu, "").trim();
}

/** What this seat has the floor for; in a written meeting, what it owes. */
function givesNow(view: View, me: SeatView | null): string | null | undefined {
  if (!me) return undefined;
  if (!view.meeting.written) return view.floor?.seat === me.id ? view.floor.what : undefined;
  return view.desk.find((slot) => slot.seat === me.id && owes(slot))?.what;
}

/** Whether this seat votes or chooses now: what there is to choose from has been brought. */
function mayChoose(view: View): boolean {
  return view.mine.permitted.some(([command]) => command === "vote" || command === "choose");
}

/** Whether the speaker's prompt applies to whoever gives this; the case owner has a prompt of their own. */
function spokenFor(step: Phase, what: string | null, owner: boolean): boolean {
  if (!owner) return true;
  return step.gives.some((give) => give.what === what && give.who !== "owner");
}

/** Where a seat stands in the queue: 0 is next; -1 is not in it. */
export function turnsUntil(view: View, seat: string | null): number {
  return seat ? (view.floor?.next.indexOf(seat) ?? -1) : -1;
}

/** Who speaks before this seat, answers of the case owner left aside; `null` when it is next. */
export function turnBefore(view: View, seat: string): string | null {
  const floor = view.floor;
  if (!floor) return null;
  const at = floor.next.indexOf(seat);
  const others = (one: string) => one !== view.round?.owner && one !== seat;
  return (
    floor.next.slice(0, Math.max(0, at)).filter(others).at(-1) ?? (at > 0 && others(floor.seat) ? floor.seat : null)
  );
}

export interface Progress {
  readonly done: number;
  readonly of: number;
}

/** How many have given (or passed) what everyone owes; `null` where nobody owes it. */
export function progress(view: View, what: string): Progress | null {
  const slots = view.desk.filter((slot) => slot.what === what && (slot.least > 0 || what === "vote"));
  if (slots.length === 0) return null;
  return { done: slots.filter(settled).length, of: slots.length };
}

/** Whether a slot owes nothing any more, and something was given. */
export function settled(slot: SlotView): boolean {
  return slot.owed === 0 && (slot.passed || slot.given > 0 || slot.least > 0);
}

/** Whether something is owed here; a vote is waited for in its own words. */
function owes(slot: SlotView): boolean {
  return slot.what !== "vote" && slot.owed > 0;
}

/** Whether this seat has something to do now: its turn, something owed that it may give, a vote, a choice, a role to fill. */
export function acts(view: View): boolean {
  const { seat, permitted } = view.mine;
  if (seat === null || view.meeting.status !== "running") return false;
  if (view.floor?.seat === seat) return true;
  if (permitted.some(([command]) => command === "vote" || command === "choose")) return true;
  if (view.phase?.casting.length && permitted.some(([command]) => command === "take-role")) return true;
  const may = new Set(permitted.filter(([command]) => command === "give").map(([, what]) => what));
  return view.desk.some((slot) => slot.seat === seat && owes(slot) && may.has(slot.what));
}

/** The question that this seat is to answer: what was just asked in this step, or of an earlier step the next one. */
export function askedLast(view: View): ItemView | null {
  const { seat } = view.mine;
  const reply = view.desk.find((slot) => slot.seat === seat && slot.what === "answer");
  const owner = view.round?.owner === seat && view.choice === null && !silenced(seatOf(view, seat));
  if (seat === null || (!reply && !owner)) return null;
  const asked = view.items.filter(
    (item) => item.what === "question" && item.round === view.round?.number && item.seat !== seat,
  );
  const now = asked.filter((item) => item.phase === view.phase?.key).at(-1);
  return now ?? (reply ? (asked[reply.given] ?? null) : null);
}

/** Who still owes something that others wait for, in the order of the desk. */
export function owing(view: View, except: string | null): readonly string[] {
  const awaited = new Set(view.seats.filter((seat) => seat.awaited).map((seat) => seat.id));
  const late = view.desk.filter((slot) => slot.seat !== except && owes(slot) && awaited.has(slot.seat));
  return [...new Set(late.map((slot) => slot.seat))];
}

/** How many of this may still be given by all together; `null` where that has no limit. */
export function leftTogether(view: View, what: string): number | null {
  const left = view.limits.filter((limit) => limit.what === what).map((limit) => limit.most - limit.given);
  return left.length === 0 ? null : Math.max(0, Math.min(...left));
}

/** Which part of the step this is, from 1; `null` where it has only one. */
export function partOf(view: View): Progress | null {
  const phase = view.phase;
  return phase === null || phase.parts < 2 ? null : { done: phase.part + 1, of: phase.parts };
}

/** What was chosen of what was given, as options; nothing for a choice that found nothing. */
export function chosenOf(view: View): readonly { readonly what: string; readonly options: readonly string[] }[] {
  return view.chosen
    .filter((one) => one.items.length > 0)
    .map((one) => ({ what: one.what, options: one.items.map((n) => `#${n}`) }));
}

/** Who alone chooses now, with the group or for themselves; `null` where all do, or nobody. */
export function chooserOf(view: View, by: string | undefined): string | null {
  if (view.choice === null || view.choice.because !== null) return null;
  if (by === "owner") return view.round?.owner ?? null;
  return by === "facilitator" ? (view.seats.find((seat) => seat.roles.includes("facilitator"))?.id ?? null) : null;
}

/** The slots of a seat, the most urgent first: its turn, what it owes, what it may give. */
export function slotsOf(view: View, seat: string, may: (what: string) => boolean): SlotView[] {
  const weight = (slot: SlotView) => {
    const turn = view.floor?.seat === seat && view.floor.what === slot.what;
    return turn ? 0 : slot.owed > 0 ? 1 : 2;
  };
  return view.desk
    .filter((slot) => slot.seat === seat && slot.what !== "vote" && may(slot.what))
    .sort((a, b) => weight(a) - weight(b));
}

export interface Stop {
  readonly id: string;
  readonly phase: Phase;
  readonly section: "opening" | "round" | "closing";
  readonly when: "past" | "now" | "next";
}

/** Every step of one way through the method, and where the meeting is. */
export function stops(method: Method, view: View): Stop[] {
  const now = view.phase;
  const module = now?.module ?? moduleRun(method, view);
  const ended = view.meeting.status === "closed";
  const sections = (["opening", "round", "closing"] as const).map((section) => ({
    section,
    phases: method[section].flatMap((phase) => expanded(method, phase, module)),
  }));
  const flat = sections.flatMap(({ section, phases }) => phases.map((phase) => ({ section, phase })));
  const at = now ? flat.findIndex(({ phase, section }) => phase.id === now.id && section === now.section) : -1;
  return flat.map(({ section, phase }, index) => ({
    id: `${section}:${phase.id}`,
    phase,
    section,
    when: ended || index < at ? "past" : index === at && at >= 0 ? "now" : "next",
  }));
}

/** The steps that ended since the phase with this key; in another round, that one alone. */
export function endedSince(method: Method, view: View, key: string): readonly Phase[] {
  const all = stops(method, view);
  const [section] = key.split(":");
  const was = all.findIndex((stop) => stop.section === section && stop.phase.id === phaseId(key));
  const now = all.findIndex((stop) => stop.when === "now");
  if (was < 0 || key === view.phase?.key) return [];
  return all.slice(was, now > was ? now : was + 1).map((stop) => stop.phase);
}

/** The sub-method that was chosen in this round and of which there are contributions. */
function moduleRun(method: Method, view: View): string | null {
  const items = view.round ? view.items.filter((item) => item.round === view.round?.number) : view.items;
  const given = new Set(items.map((item) => phaseId(item.phase)));
  const run = Object.entries(method.modules).find(([, { phases }]) => phases.some((phase) => given.has(phase.id)));
  return run?.[0] ?? null;
}

function expanded(method: Method, phase: Phase, module: string | null): readonly Phase[] {
  const chosen = phase.runs === "module" && module ? method.modules[module] : null;
  return chosen ? chosen.phases : [phase];
}

export interface Group {
  readonly key: string;
  readonly phase: string;
  readonly items: readonly ItemView[];
}

/** What was given, by phase, newest phase first and in the order of giving within it. */
export function grouped(items: readonly ItemView[]): Group[] {
  const groups = new Map<string, ItemView[]>();
  for (const item of items) {
    const list = groups.get(item.phase);
    if (list) list.push(item);
    else groups.set(item.phase, [item]);
  }
  return [...groups].map(([key, list]) => ({ key, phase: phaseId(key), items: list })).reverse();
}

/** The phase's id in its key: `section:round:phase-id`, perhaps with `:n`. */
export function phaseId(key: string): string {
  return key.split(":")[2] ?? key;
}

/** The newest wording of the question of this round, where the owner has found another. */
export function reworded(view: View): ItemView | null {
  const round = view.round?.number;
  return (
    view.items.filter((item) => item.what === "reformulation" && item.round === round && item.content).at(-1) ?? null
  );
}

/** Phase of the method by id, wherever it stands. */
export function anyPhase(method: Method, id: string): Phase | null {
  const modules = Object.values(method.modules).flatMap((module) => module.phases);
  return [...method.opening, ...method.round, ...method.closing, ...modules].find((phase) => phase.id === id) ?? null;
}

/** Milliseconds as minutes and seconds; below zero reads as zero. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Characters that a field for one word holds. */
const LONGEST_WORD = 40;

/** How many characters too many stand in the fields of a form that are for one word. */
export function tooManyIn(form: readonly FormField[], values: Fields): number {
  const over = form
    .filter((field) => field.kind === "word")
    .map((field) => [...String(values[field.id] ?? "")].length - LONGEST_WORD);
  return Math.max(0, ...over);
}

/** How many words. */
export function words(text: string): number {
  return text.trim() === "" ? 0 : text.trim().split(/\s+/u).length;
}

/** Names in a row: "Noor, Bram and Amal". */
export function listed(names: readonly string[], and: string): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} ${and} ${names.at(-1)}`;
}

/** The texts of this kind that were written in this round and can be read: a form may pick one of them. */
export function written(view: View, what: string, content: (id: string) => Content): readonly string[] {
  return view.items
    .filter((item) => item.what === what && item.round === view.round?.number && item.content !== null)
    .map((item) => content(item.content as string))
    .flatMap((opened) => (opened.state === "open" && opened.fields.text ? [String(opened.fields.text)] : []));
}

/** How many people must ask before the meeting closes early, or all content is destroyed: more than half of those who have a say. */
export function neededTo(view: View, what: "close" | "burn"): number {
  // An older server does not say of how many.
  return Math.floor((view.proposals[`${what}-of`] || view.seats.length) / 2) + 1;
}
