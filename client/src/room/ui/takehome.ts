// The summary to take home, made in the browser from what this seat may read: as sections and as Markdown. Pure.
import type { Fields, ItemView, View } from "../../protocol/index.ts";
import type { UiTexts } from "../texts/nl.ts";

export interface Line {
  readonly text: string;
  readonly by: string | null;
}

export interface Section {
  readonly heading: string;
  readonly lines: readonly Line[];
}

export interface TakeHome {
  readonly title: string;
  readonly about: readonly string[];
  readonly sections: readonly Section[];
}

export interface Source {
  readonly view: View;
  readonly seat: string;
  readonly method: string;
  readonly notes: string;
  /** What was typed and never handed in. */
  readonly unsent: readonly string[];
  readonly date: string;
  readonly file: string;
  name(seat: string): string;
  phase(key: string): string;
  /** The opened fields, or `null` where nothing can be read. */
  fields(content: string): Fields | null;
  /** A field's value as text; `null` to leave it out. */
  words(field: string, value: string | number): string | null;
}

const OWN: ReadonlySet<string> = new Set(["case", "explanation", "reformulation", "response", "decision", "action"]);

/** About the meeting or oneself, so not for the case owner. */
const NO_GIFT: ReadonlySet<string> = new Set(["remark", "rating", "action"]);

/** The summary for this seat: its own round as case owner first, then its other contributions, actions and notes. */
export function takeHome(source: Source, t: UiTexts): TakeHome {
  const { view, seat } = source;
  const round = owned(source, t);
  // A question that was not chosen is kept here; the case owner's own question stands above their round.
  const mine = (what: string) => !OWN.has(what) || (what === "case" && round.length === 0);
  const sections = [
    ...round,
    section(
      t.take.mine,
      source,
      view.items.filter((item) => item.seat === seat && mine(item.what) && item.content),
    ),
    section(
      t.take.actions,
      source,
      view.items.filter((item) => item.seat === seat && item.what === "action"),
    ),
    { heading: t.take.unsent, lines: source.unsent.map((text) => ({ text, by: null })) },
    { heading: t.take.notes, lines: source.notes.trim() ? [{ text: source.notes.trim(), by: null }] : [] },
  ];
  return {
    title: `${t.product}: ${source.method}`,
    about: [
      `${t.take.date}: ${source.date}`,
      `${t.take.circle}: ${view.seats.map((one) => source.name(one.id)).join(", ")}`,
    ],
    sections: sections.filter((one) => one.lines.length > 0),
  };
}

/** For each round in which this seat was the case owner: the question before and after, what was given, response and decision. */
function owned(source: Source, t: UiTexts): Section[] {
  const { view, seat } = source;
  const rounds = [...new Set(view.items.filter((item) => item.round > 0).map((item) => item.round))];
  return rounds.flatMap((round) => {
    const inRound = view.items.filter((item) => item.round === round);
    if (!ownerOf(source, round, inRound)) return [];
    const own = (what: string) => inRound.filter((item) => item.seat === seat && item.what === what);
    const cases = view.items.filter((item) => item.what === "case" && item.seat === seat);
    const after = own("reformulation");
    return [
      section(after.length ? `${t.take.question} (${t.take.before.toLowerCase()})` : t.take.question, source, cases),
      section(`${t.take.question} (${t.take.after.toLowerCase()})`, source, after),
      ...byPhase(
        source,
        inRound.filter((item) => item.seat !== seat && item.content && !NO_GIFT.has(item.what)),
        t,
      ),
      section(
        t.take.response,
        source,
        own("response").filter((item) => item.content),
      ),
      section(
        t.take.decision,
        source,
        own("decision").filter((item) => item.content),
      ),
    ];
  });
}

/** Whether this seat was the case owner of a round: the current round says so, or it gave what only an owner gives. */
function ownerOf({ view, seat }: Source, round: number, items: readonly ItemView[]): boolean {
  if (view.round?.number === round) return view.round.owner === seat;
  return items.some(
    (item) => item.seat === seat && ["explanation", "reformulation", "response", "decision"].includes(item.what),
  );
}

function byPhase(source: Source, items: readonly ItemView[], t: UiTexts): Section[] {
  const phases = [...new Set(items.map((item) => item.phase))];
  return phases.map((phase) =>
    section(
      `${t.take.given}: ${source.phase(phase)}`,
      source,
      items.filter((item) => item.phase === phase),
      true,
    ),
  );
}

function section(heading: string, source: Source, items: readonly ItemView[], named = false): Section {
  const lines = items.flatMap((item) => {
    const text = read(source, item);
    return text ? [{ text, by: named ? source.name(item.seat) : null }] : [];
  });
  return { heading, lines };
}

function read(source: Source, item: ItemView): string {
  const fields = item.content === null ? null : source.fields(item.content);
  if (!fields) return "";
  const parts = Object.entries(fields).map(([field, value]) => source.words(field, value)?.trim());
  return parts.filter(Boolean).join(" · ");
}

/** As Markdown. What people typed is escaped. */
export function markdown(page: TakeHome, t: UiTexts): string {
  const out = [`# ${page.title}`, "", ...page.about.map((line) => `${escaped(line)}  `)];
  for (const { heading, lines } of page.sections) {
    out.push("", `## ${escaped(heading)}`, "");
    for (const { text, by } of lines) out.push(`- ${by ? `**${escaped(by)}**: ` : ""}${indented(text)}`);
  }
  out.push("", `_${t.take.foot}_`, "");
  return out.join("\n");
}

function indented(text: string): string {
  return escaped(text).split("\n").join("\n  ");
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/g, "\\$&");
}
