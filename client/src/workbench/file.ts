// A method file as it is edited: the text is the truth. What a card changes is changed in the text, where it stands, and
// comments, order and shorthand of everything else stay as they were.
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

export type Path = readonly (string | number)[];
export const SECTIONS = ["opening", "round", "closing"] as const;

/** A phase in the file, as written there. */
export interface Place {
  readonly path: Path;
  /** `opening`, `round`, `closing`, or `modules.<name>.phases`. */
  readonly section: string;
  readonly index: number;
  readonly raw: Readonly<Record<string, unknown>>;
}

const WRITTEN = { lineWidth: 0, flowCollectionPadding: false } as const;
const NUMBERED = /-\d+$/;

export class MethodFile {
  readonly text: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    this.text = text;
    this.#document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: false });
  }

  /** Whether the cards can work on it: it reads as a mapping. What else is wrong, the checker says. */
  get readable(): boolean {
    return this.#document.errors.length === 0 && isMap(this.#document.contents);
  }

  get raw(): Readonly<Record<string, unknown>> {
    const found: unknown = this.readable ? this.#document.toJS({ maxAliasCount: 100 }) : null;
    return found !== null && typeof found === "object" ? (found as Record<string, unknown>) : {};
  }

  /** Every phase, in the order of a meeting; those of sub-protocols last. */
  get phases(): readonly Place[] {
    const raw = this.raw;
    const modules = Object.keys((raw.modules ?? {}) as object);
    const paths: Path[] = [...SECTIONS.map((name) => [name]), ...modules.map((name) => ["modules", name, "phases"])];
    return paths.flatMap((path) => placed(path, this.at(path)));
  }

  /** What the file itself says at this path. */
  at(path: Path): unknown {
    return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | null)?.[key], this.raw);
  }

  /** With a value set; `undefined` takes the key away. */
  with(path: Path, value: unknown): MethodFile {
    return this.#edited((document) => {
      if (value === undefined) document.deleteIn(path);
      else set(document, path, value);
    });
  }

  /** With a phase added at this place of a section. */
  withPhase(section: Path, index: number, phase: unknown): MethodFile {
    return this.#edited((document) => insert(document, section, index, document.createNode(phase)));
  }

  without(path: Path): MethodFile {
    return this.#edited((document) => remove(document, path));
  }

  /** With a phase one place up or down; at the edge of its section it goes over into the next one. */
  moved(place: Place, by: -1 | 1): MethodFile {
    const section = place.path.slice(0, -1);
    const length = (this.at(section) as unknown[]).length;
    const index = place.index + by;
    if (index >= 0 && index < length) return this.#edited((document) => swap(document, section, place.index, index));
    const next = SECTIONS[SECTIONS.indexOf(place.section as (typeof SECTIONS)[number]) + by];
    if (section.length > 1 || next === undefined) return this;
    const room = (this.at([next]) as unknown[] | undefined)?.length ?? 0;
    return this.#edited((document) => {
      const phase = document.getIn(place.path, true);
      remove(document, place.path);
      insert(document, [next], by < 0 ? room : 0, phase);
    });
  }

  /** An id that no phase has yet. */
  freeId(wish: string): string {
    const taken = new Set(this.phases.map((place) => place.raw.id));
    const stem = wish.replace(NUMBERED, "");
    if (!taken.has(stem)) return stem;
    let number = 2;
    while (taken.has(`${stem}-${number}`)) number += 1;
    return `${stem}-${number}`;
  }

  /** Which phase a line of the text belongs to (lines from 1); `null` for the method as a whole. */
  phaseAt(line: number): Place | null {
    const within = this.phases.filter((place) => {
      const node = this.#document.getIn(place.path, true);
      const range = isNode(node) ? node.range : null;
      if (!range) return false;
      const last = this.#lines.linePos(Math.max(range[0], range[1] - 1)).line;
      return this.#lines.linePos(range[0]).line <= line && line <= last;
    });
    return within.at(-1) ?? null;
  }

  #edited(edit: (document: Document) => void): MethodFile {
    const document = this.#document.clone() as Document;
    edit(document);
    return new MethodFile(document.toString(WRITTEN));
  }
}

function placed(path: Path, found: unknown): Place[] {
  const list = Array.isArray(found) ? found : [];
  return list.map((raw, index) => ({
    path: [...path, index],
    section: path.join("."),
    index,
    raw: (raw ?? {}) as Record<string, unknown>,
  }));
}

/** Keeps the quotes and the comment of what was there. */
function set(document: Document, path: Path, value: unknown): void {
  const there = document.getIn(path, true);
  if (isScalar(there) && (value === null || typeof value !== "object")) {
    there.value = value;
    if (typeof value === "number") delete (there as { source?: string }).source;
    return;
  }
  for (let length = 1; length < path.length; length += 1) {
    const part = document.getIn(path.slice(0, length), true);
    if (!isMap(part) && !isSeq(part)) {
      document.setIn(path.slice(0, length), document.createNode(typeof path[length] === "number" ? [] : {}));
    }
  }
  const node = document.createNode(value);
  const parent = document.getIn(path.slice(0, -1), true) as YAMLMap | YAMLSeq | undefined;
  if (parent && "flow" in parent && parent.flow && typeof value === "object") parent.flow = false;
  document.setIn(path, node);
}

function insert(document: Document, section: Path, index: number, phase: unknown): void {
  if (!isSeq(document.getIn(section))) document.setIn(section, document.createNode([]));
  const list = document.getIn(section) as YAMLSeq;
  list.flow = false;
  list.items.splice(index, 0, phase);
}

/** An opening or a closing without phases is none. */
function remove(document: Document, path: Path): void {
  const section = path.slice(0, -1);
  document.deleteIn(path);
  if (section[0] !== "round" && (document.getIn(section) as YAMLSeq).items.length === 0) document.deleteIn(section);
}

function swap(document: Document, section: Path, one: number, other: number): void {
  const { items } = document.getIn(section) as YAMLSeq;
  [items[one], items[other]] = [items[other], items[one]];
}
