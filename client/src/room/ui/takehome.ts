// The summary to take home, made in the browser from what this seat may read: as sections and as Markdown. Pure.
import { labelled } from "../../design/labelled.ts";
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

/** What only a case owner gives. */
const OWNERS: ReadonlySet<string> = new Set(["explanation", "reformulation", "response", "decision"]);

/** About the meeting or oneself, so not for the case owner. */
const NO_GIFT: ReadonlySet<string> = new Set(["remark", "rating", "action"]);

/** The summary for this seat: its own rounds as case owner first, then its other contributions, actions and notes. */
export function takeHome(source: Source, t: UiTexts): TakeHome {
  const { view, seat } = source;
  const rounds = ownRounds(source);
  const cases = rounds.flatMap((round) => casesOf(source, round, rounds));
  // A question that was not chosen is kept here; the case owner's own question stands above their round.
  const mine = (item: ItemView) => (item.what === "case" ? !cases.includes(item) : !OWN.has(item.what));
  const sections = [
    ...rounds.flatMap((round) => owned(source, round, rounds, t)),
    section(
      t.take.mine,
      source,
      view.items.filter((item) => item.seat === seat && mine(item) && item.content),
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
    title: labelled(t.product, source.method),
    about: [
      labelled(t.take.date, source.date),
      labelled(t.take.circle, view.seats.map((one) => source.name(one.id)).join(", ")),
    ],
    sections: sections.filter((one) => one.lines.length > 0),
  };
}

/** A round in which this seat was the case owner: the question before and after, what was given, response and decision. */
function owned(source: Source, round: number, rounds: readonly number[], t: UiTexts): Section[] {
  const { view, seat } = source;
  const inRound = view.items.filter((item) => item.round === round);
  const own = (what: string) => inRound.filter((item) => item.seat === seat && item.what === what);
  const cases = casesOf(source, round, rounds);
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
}

/** The rounds in which this seat was the case owner, in order. */
function ownRounds(source: Source): readonly number[] {
  const { view, seat } = source;
  const numbers = new Set(view.items.map((item) => item.round).filter((round) => round > 0));
  if (view.round) numbers.add(view.round.number);
  return [...numbers].sort((one, other) => one - other).filter((round) => ownerOf(view, round) === seat);
}

/**
 * Who was the case owner of a round. The view tells that of the latest one only. Of those before, whoever gave what only an owner
 * gives; else, where all that was said aloud, the author of the case that was chosen for it.
 */
function ownerOf(view: View, round: number): string | null {
  if (view.round?.number === round) return view.round.owner;
  const telling = view.items.find((item) => item.round === round && OWNERS.has(item.what));
  return telling?.seat ?? chosenFor(view, round)?.seat ?? null;
}

/** The case that was chosen for a round: cases are worked in the order of the agenda. */
function chosenFor(view: View, round: number): ItemView | null {
  const content = view.agenda[round - 1];
  return view.items.find((item) => item.what === "case" && item.content !== null && item.content === content) ?? null;
}

/** The cases of this seat that a round of its own was about: the one that was chosen; all of them where none is known. */
function casesOf({ view, seat }: Source, round: number, rounds: readonly number[]): readonly ItemView[] {
  const mine = view.items.filter((item) => item.what === "case" && item.seat === seat);
  const current = view.round?.number === round ? view.round.case : null;
  const content = current ?? chosenFor(view, round)?.content;
  const chosen = mine.filter((item) => item.content !== null && item.content === content);
  if (chosen.length > 0) return chosen;
  return rounds[0] === round ? mine : [];
}

function byPhase(source: Source, items: readonly ItemView[], t: UiTexts): Section[] {
  const phases = [...new Set(items.map((item) => item.phase))];
  return phases.map((phase) =>
    section(
      labelled(t.take.given, source.phase(phase)),
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

/** As plain text, for a message or a note. */
export function plainText(page: TakeHome, t: UiTexts): string {
  const out = [page.title, ...page.about];
  for (const { heading, lines } of page.sections) {
    out.push("", heading);
    for (const { text, by } of lines) out.push(`• ${by ? labelled(by, "") : ""}${text.split("\n").join("\n  ")}`);
  }
  return `${[...out, "", t.take.foot].join("\n")}\n`;
}

/** As a page that opens anywhere, also on a phone. It asks nothing of any server. What people typed is escaped. */
export function htmlPage(page: TakeHome, t: UiTexts, language: string): string {
  const parts = page.sections.map(({ heading, lines }) => {
    const items = lines.map(({ text, by }) => `<li>${by ? `<b><bdi>${html(by)}</bdi></b><br>` : ""}${html(text)}</li>`);
    return `<h2>${html(heading)}</h2>\n<ul dir="auto">\n${items.join("\n")}\n</ul>`;
  });
  return `<!doctype html>
<html lang="${language}" translate="no">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(page.title)}</title>
<style>body{max-width:40rem;margin:2rem auto;padding:0 1.2rem;font:1.1rem/1.5 system-ui,sans-serif}li{margin:.6rem 0;white-space:pre-line}</style>
</head>
<body>
<h1>${html(page.title)}</h1>
${page.about.map((line) => `<p>${html(line)}</p>`).join("\n")}
${parts.join("\n")}
<p><small>${html(t.take.foot)}</small></p>
</body>
</html>
`;
}

function html(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
