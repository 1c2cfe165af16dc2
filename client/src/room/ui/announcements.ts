// What screen readers announce after a change: a few sentences, the most important last. Pure.
import { labelled } from "../../design/labelled.ts";
import type { View } from "../../protocol/index.ts";
import type { Method } from "../../protocol/method.ts";
import { pick } from "../../protocol/method.ts";
import { caseOf } from "../state/fold.ts";
import type { UiTexts } from "../texts/nl.ts";
import { castingOf, castingQuestion } from "./casting.ts";
import { decidedBy } from "./outcome.ts";
import { endingSaid, waitedFor } from "./overtime.ts";
import { anyPhase, listed, promptFor, seatOf } from "./selectors.ts";

export interface AnnouncementInput {
  readonly before: View;
  readonly after: View;
  readonly method: Method | null;
  readonly language: string;
  readonly t: UiTexts;
  name(seat: string): string;
  /** What can be read of a contribution. */
  text?(content: string): string;
}

/** The announcements for what changed between two views. */
export function announcements(input: AnnouncementInput): string[] {
  return [
    ...seatAnnouncements(input),
    ...tableAnnouncements(input),
    ...meetingAnnouncements(input),
    ...gifts(input),
    ...phaseAnnouncements(input),
    ...floorAnnouncements(input),
  ];
}

/** What all see for a moment: who came, left, is back; the doors, a pause; who added time; who facilitates now. */
export function notices(input: Pick<AnnouncementInput, "before" | "after" | "t" | "name">): string[] {
  const { before, after, t, name } = input;
  const added = extension(before, after, t, name);
  // In the lobby the circle itself shows who comes, one after another.
  const seats = after.meeting.status === "lobby" ? [] : seatAnnouncements(input);
  return [...seats, ...tableAnnouncements(input), ...meetingAnnouncements(input), ...added];
}

type Naming = Pick<AnnouncementInput, "before" | "after" | "t" | "name">;

/** That there is more time, and by whom. */
function extension(before: View, after: View, t: UiTexts, name: (seat: string) => string): string[] {
  const now = after.phase;
  if (!now || before.phase?.key !== now.key || now.extended <= before.phase.extended) return [];
  // Only who facilitates adds time, while they are here.
  const by = after.seats.find((seat) => seat.roles.includes("facilitator") && (seat.here || !seat.device));
  return [by ? t.because.extendedBy(name(by.id)) : t.because.extended];
}

/** What others gave in this step, for whoever can't see it come. */
function gifts({ before, after, text, t, name }: AnnouncementInput): string[] {
  const known = before.items.at(-1)?.n ?? -1;
  return after.items
    .filter((item) => item.n > known && item.seat !== after.mine.seat && item.what !== "vote")
    .map((item) => {
      const read = item.content === null ? "" : (text?.(item.content) ?? "");
      return read ? labelled(name(item.seat), read) : t.because.gave(name(item.seat));
    });
}

function seatAnnouncements({ before, after, t, name }: Naming): string[] {
  const had = new Map(before.seats.map((seat) => [seat.id, seat]));
  const came = after.seats
    .filter((seat) => !had.has(seat.id) && seat.id !== after.mine.seat)
    .map((seat) => t.because.seated(name(seat.id)));
  const stayed = new Set(after.seats.map((seat) => seat.id));
  const left = before.seats.filter((seat) => !stayed.has(seat.id)).map((seat) => t.because.left(name(seat.id)));
  const moved = after.seats.flatMap((seat) => {
    const old = had.get(seat.id);
    if (after.meeting.written || !old || !seat.device || old.here === seat.here || seat.id === after.mine.seat)
      return [];
    return [seat.here ? t.because.backNow(name(seat.id)) : t.because.awayNow(name(seat.id))];
  });
  return [...came, ...left, ...moved];
}

/** Whoever begins or stops to read along. */
function tableAnnouncements({ before, after, t }: Naming): string[] {
  const [had, has] = [before, after].map((view) => new Set((view.tables ?? []).map((table) => table.id)));
  const opened = [...(has ?? [])].some((id) => !had?.has(id));
  const closed = [...(had ?? [])].some((id) => !has?.has(id));
  return [...(opened ? [t.because.tableOpened] : []), ...(closed ? [t.because.tableClosed] : [])];
}

function meetingAnnouncements({ before, after, t, name }: Naming): string[] {
  const said: string[] = [];
  const [was, is] = [before.meeting, after.meeting];
  if (was.doors !== is.doors) said.push(is.doors === "closed" ? t.because.doorsClosed : t.because.doorsOpened);
  if (was.status !== is.status && is.status === "paused") said.push(t.because.paused);
  if (was.status === "paused" && is.status === "running") said.push(t.because.resumed);
  if (is.burned && !was.burned) said.push(t.because.burned);
  if (was.status !== is.status && is.status === "closed") said.push(t.because.closed);
  const given = after.video;
  if (given && given.content !== before.video?.content && given.seat !== after.mine.seat)
    said.push(t.because.video(name(given.seat)));
  const [led, leads] = [leader(before), leader(after)];
  if (led !== leads) said.push(leads ? t.because.leads(name(leads)) : t.because.leadsNobody);
  return said;
}

function phaseAnnouncements(input: AnnouncementInput): string[] {
  const { before, after, method, language, t, name } = input;
  const now = after.phase;
  if (!now) return [];
  if (before.phase?.key === now.key) {
    if (now.outcome && !before.phase.outcome) return [outcomeSaid(input)];
    if (now.ending != null && before.phase.ending == null && !now.outcome) {
      const mine = (after.mine.typing ?? []).includes(after.mine.seat ?? "");
      return [endingSaid(after, mine, t, name) ?? ""];
    }
    if (now.overtime !== null && before.phase.overtime === null) return [waitedFor(after, t, name) ?? t.because.timeUp];
    if (now.signalled && !before.phase.signalled) return [t.because.timeUp];
    if (castingOf(before).length > 0 && castingOf(after).length === 0) return toDo(after, method, language);
    return extension(before, after, t, name);
  }
  const step = method ? anyPhase(method, now.id) : null;
  const said = step ? [t.because.started(pick(step.name, language))] : [];
  for (const seat of after.seats) {
    if (seat.position !== "in" && seat.id !== after.mine.seat) said.push(t.sits(name(seat.id), seat.position));
  }
  const asks = castingQuestion(after, method, language, t);
  return [...said, ...(asks ? [asks] : toDo(after, method, language))];
}

/** What was chosen, or whose, in order, and what decided it. */
function outcomeSaid({ after, method, language, t, name }: AnnouncementInput): string {
  const choice = after.choice;
  const chosen = (choice?.chosen ?? []).map((option) => {
    const module = method?.modules[option];
    return module ? pick(module.name, language) : name(caseOf(after, option).seat ?? "");
  });
  return `${labelled(t.vote.outcome, listed(chosen, t.and))}. ${decidedBy(choice, t)}`;
}

/** What the step asks of this person now. */
function toDo(view: View, method: Method | null, language: string): string[] {
  const step = method && view.phase ? anyPhase(method, view.phase.id) : null;
  const prompt = step ? promptFor(step, view, seatOf(view, view.mine.seat)) : null;
  return prompt ? [pick(prompt.do, language)] : [];
}

function floorAnnouncements({ before, after, t, name }: AnnouncementInput): string[] {
  const seat = after.floor?.seat;
  if (!seat || (seat === before.floor?.seat && before.phase?.key === after.phase?.key)) return [];
  return [seat === after.mine.seat ? t.floor.yours : t.floor.has(name(seat))];
}

function leader(view: View): string | null {
  return view.seats.find((seat) => seat.roles.includes("facilitator"))?.id ?? null;
}
