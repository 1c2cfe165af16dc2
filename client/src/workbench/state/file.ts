// A method file being edited. The text is the source of truth: a card changes it in place, and
// comments, order and shorthand of everything else stay as they were.
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

export type Path = readonly (string | number)[];
export const SECTIONS = ["opening", "round", "closing"] as const;

/** Characters of one text in one language that the reader takes; a test holds it beside the schema. */
export const LONGEST_TEXT = 2000;

/** Line and column of the text, from 1. */
export interface Spot {
  readonly line: number;
  readonly column: number;
}

/** A phase in the file, as written there. */
export interface Place {
  readonly path: Path;
  /** `opening`, `round`, `closing`, or `modules.<name>.phases`. */
  readonly section: string;
  readonly index: number;
  readonly raw: Readonly<Record<string, unknown>>;
}

const WRITTEN = { lineWidth: 0, flowCollectionPadding: false } as const;
/** The same text twice is written out twice: the language has no anchors. */
const PLAIN = { aliasDuplicateObjects: false } as const;
const PARTS: ReadonlySet<string | number> = new Set(["roles", "forms", "modules"]);
const ID = /^[\w.-]+$/;
const NUMBERED = /-\d+$/;

export class MethodFile {
  readonly text: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();
  #raw: Readonly<Record<string, unknown>> | undefined;

  constructor(text: string) {
    this.text = text;
    this.#document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: false });
  }

  /** Whether the cards can edit it: it is a mapping. The checker finds other mistakes. */
  get readable(): boolean {
    return this.#document.errors.length === 0 && isMap(this.#document.contents);
  }

  get raw(): Readonly<Record<string, unknown>> {
    this.#raw ??= this.readable ? (this.#document.toJS({ maxAliasCount: 100 }) as Record<string, unknown>) : {};
    return this.#raw;
  }

  /** Every phase, in the order of a meeting; those of sub-protocols last. */
  get phases(): readonly Place[] {
    const raw = this.raw;
    const modules = Object.keys((raw.modules ?? {}) as object);
    const paths: Path[] = [...SECTIONS.map((name) => [name]), ...modules.map((name) => ["modules", name, "phases"])];
    return paths.flatMap((path) => placed(path, this.at(path)));
  }

  /** The value in the file at this path. */
  at(path: Path): unknown {
    return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | null)?.[key], this.raw);
  }

  /** The file with a value set; `undefined` removes the key. */
  with(path: Path, value: unknown): MethodFile {
    return this.#edited((document) => {
      if (value === undefined) document.deleteIn(path);
      else set(document, path, value);
    });
  }

  /** The file with a phase or another item inserted in a list. */
  withItem(list: Path, index: number, item: unknown): MethodFile {
    return this.#edited((document) => insert(document, list, index, document.createNode(item, PLAIN)));
  }

  /** The file with two items of a list swapped. */
  swapped(list: Path, one: number, other: number): MethodFile {
    return this.#edited((document) => swap(document, list, one, other));
  }

  without(path: Path): MethodFile {
    return this.#edited((document) => remove(document, path));
  }

  /** The file with a phase moved up or down; at the edge of its section it moves into the next one. */
  moved(place: Place, by: -1 | 1): MethodFile {
    if (!this.movable(place, by)) return this;
    const section = place.path.slice(0, -1);
    if (this.#within(place, by)) return this.swapped(section, place.index, place.index + by);
    const next = nextTo(place, by) ?? "round";
    const room = (this.at([next]) as unknown[] | undefined)?.length ?? 0;
    return this.#edited((document) => {
      const phase = document.getIn(place.path, true);
      remove(document, place.path);
      insert(document, [next], by < 0 ? room : 0, phase);
    });
  }

  /** Whether there is anywhere to move it to. */
  movable(place: Place, by: -1 | 1): boolean {
    return this.#within(place, by) || nextTo(place, by) !== undefined;
  }

  #within(place: Place, by: -1 | 1): boolean {
    const index = place.index + by;
    return index >= 0 && index < (this.at(place.path.slice(0, -1)) as unknown[]).length;
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

  /** The position of the value at this path, or of its key, or of the nearest parent that exists. */
  spot(path: Path, key = false): Spot {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = key && length === path.length ? this.#key(path) : this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.#at(node.range[0]);
    }
    return { line: 1, column: 1 };
  }

  /** Where and why it isn't YAML. */
  get broken(): (Spot & { readonly why: string }) | null {
    const [error] = this.#document.errors;
    return error ? { ...this.#at(error.pos[0]), why: error.message.split(" at line ")[0] ?? "" } : null;
  }

  /** The key that an offset into the text is in, with where it begins and ends. */
  keyAt(offset: number): { readonly path: Path; readonly from: number; readonly to: number } | null {
    let found: { path: Path; from: number; to: number } | null = null;
    visit(this.#document, {
      Pair: (_, pair, above) => {
        const range = isScalar(pair.key) ? pair.key.range : null;
        if (!range || offset < range[0] || offset > range[1]) return undefined;
        found = { path: pathOf([...above, pair]), from: range[0], to: range[1] };
        return visit.BREAK;
      },
    });
    return found;
  }

  /** Whether a line (from 1) belongs to the value at this path or its key. */
  covers(path: Path, line: number): boolean {
    const node = this.#document.getIn(path, true);
    if (!isNode(node) || !node.range) return false;
    const first = this.#key(path)?.range?.[0] ?? node.range[0];
    const last = Math.max(node.range[0], node.range[1] - 1);
    return this.#at(first).line <= line && line <= this.#at(last).line;
  }

  /** The path to the innermost key that a spot of the text is in, or begins. */
  pathAt({ line, column }: Spot): Path {
    const from = this.#lines.lineStarts[line - 1] ?? 0;
    const offset = from + inUnits(this.text.slice(from), column - 1);
    const begun = (node: unknown): boolean => isNode(node) && node.range != null && node.range[0] <= offset;
    const path: (string | number)[] = [];
    let node: unknown = this.#document.contents;
    while (begun(node)) {
      const index: number = isMap(node)
        ? node.items.filter(({ key }) => begun(key)).length - 1
        : isSeq(node)
          ? node.items.filter(begun).length - 1
          : -1;
      if (index < 0) break;
      const item: unknown = (node as YAMLMap | YAMLSeq).items[index];
      path.push(isPair(item) ? String((item.key as Scalar).value) : index);
      node = isPair(item) ? item.value : item;
    }
    return path;
  }

  /** Which phase a line of the text belongs to (lines from 1); `null` for the method as a whole. */
  phaseAt(line: number): Place | null {
    return this.phases.filter((place) => this.covers(place.path, line)).at(-1) ?? null;
  }

  #key(path: Path): Node | null {
    const parent = this.#document.getIn(path.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find((one) => isScalar(one.key) && one.key.value === path.at(-1)) : null;
    return pair ? (pair.key as Node) : null;
  }

  #at(offset: number): Spot {
    const { line, col } = this.#lines.linePos(offset);
    // The reader counts characters: an emoji is one column.
    return { line, column: [...this.text.slice(offset - col + 1, offset)].length + 1 };
  }

  #edited(edit: (document: Document) => void): MethodFile {
    const document = this.#document.clone() as Document;
    edit(document);
    return new MethodFile(document.toString(WRITTEN));
  }
}

/** How many UTF-16 units the first characters of a text take, which is how JavaScript counts. */
export function inUnits(text: string, characters: number): number {
  let units = 0;
  for (let left = characters; left > 0 && units < text.length; left -= 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}

/** The path to the last of these nodes. */
function pathOf(nodes: readonly unknown[]): Path {
  return nodes.flatMap((node, index): Path => {
    const above = nodes[index - 1];
    if (isPair(node)) return [String((node.key as Scalar).value)];
    return isSeq(above) ? [above.items.indexOf(node)] : [];
  });
}

/** The section before or after that of a phase; the phases of a module stay in it. */
function nextTo({ section }: Place, by: -1 | 1): (typeof SECTIONS)[number] | undefined {
  const at = SECTIONS.indexOf(section as (typeof SECTIONS)[number]);
  return at < 0 ? undefined : SECTIONS[at + by];
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
  const fresh = path[0] !== undefined && PARTS.has(path[0]) && !document.has(path[0]);
  for (let length = 1; length < path.length; length += 1) {
    const part = document.getIn(path.slice(0, length), true);
    if (!isMap(part) && !isSeq(part)) {
      document.setIn(path.slice(0, length), document.createNode(typeof path[length] === "number" ? [] : {}));
    }
  }
  if (fresh) lift(document, path[0]);
  const node = document.createNode(value, PLAIN);
  const parent = document.getIn(path.slice(0, -1), true) as YAMLMap | YAMLSeq | undefined;
  if (parent && "flow" in parent && parent.flow && isCollection(node)) {
    if (isShort(value)) node.flow = true;
    else parent.flow = false;
  }
  document.setIn(path, node);
}

/** Ids and numbers alone, which can stand on the line that is there. */
function isShort(value: unknown): boolean {
  return Object.values(value as object).every((one) => ID.test(String(one)));
}

/** A new key that phases refer to is placed before them. */
function lift(document: Document, part: unknown): void {
  const { items } = document.contents as YAMLMap;
  const named = (name: unknown): number => items.findIndex(({ key }) => (isScalar(key) ? key.value : key) === name);
  const first = Math.min(...SECTIONS.map(named).filter((index) => index >= 0));
  const at = named(part);
  if (first < at) items.splice(first, 0, ...items.splice(at, 1));
}

function insert(document: Document, section: Path, index: number, phase: unknown): void {
  if (!isSeq(document.getIn(section))) document.setIn(section, document.createNode([]));
  const list = document.getIn(section) as YAMLSeq;
  list.flow = false;
  list.items.splice(index, 0, phase);
}

/** Removes keys that have become empty, such as an opening without phases. */
function remove(document: Document, path: Path): void {
  const around = path.slice(0, -1);
  document.deleteIn(path);
  const left = document.getIn(around) as YAMLSeq | YAMLMap;
  if (around[0] !== "round" && left.items.length === 0) document.deleteIn(around);
}

function swap(document: Document, section: Path, one: number, other: number): void {
  const { items } = document.getIn(section) as YAMLSeq;
  [items[one], items[other]] = [items[other], items[one]];
}
