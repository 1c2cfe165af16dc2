/**
 * Where everyone sits: pure geometry of the circle, in pixels, y downwards.
 *
 * Seats keep their order round the table. Whoever looks sits at the bottom, nearest to themselves; without an own
 * seat the first one sits at the top. Positions move a chair or turn it; they never move anybody else.
 */

export type Position = "in" | "aside" | "back" | "unseen" | "out";

export interface Room {
  width: number;
  height: number;
  /** How many chairs. */
  count: number;
  /** Index of the own chair, or -1. */
  mine: number;
  /** Height of a name in pixels; room for it is kept at all sides. */
  label: number;
  /** Lines of text at a chair: the name, and perhaps the role. */
  lines: number;
}

export interface Table {
  x: number;
  y: number;
  /** Half axes of the table top. */
  rx: number;
  ry: number;
  /** Half axes of the ellipse on which the chairs stand. */
  seatsX: number;
  seatsY: number;
  /** Radius of a person. */
  person: number;
  /** How far an unseen chair moves out. */
  step: number;
}

export interface Chair {
  x: number;
  y: number;
  /** Direction of the back of the chair, in degrees; 0 points right, clockwise. */
  back: number;
  /** Where the name goes: above or below the person. */
  above: boolean;
}

const GAP = 4;
/** How much wider than high the circle may be: an oval uses a phone's width, a large screen shows it round. */
const OVAL = 1.5;
const ROUND = 1.06;
const SHALLOW = 420;
/** How far from a chair the table begins, in persons; where persons are large, no farther than past the halo and the ring. */
const REACH = 1.95;
const HALO = 1.34;
const RING = 13;
const SIDEWAYS = 0.12;

/** Sizes of everything, so that the farthest chair and its name still fit. */
export function table(room: Room): Table {
  const { width, height, count, label, lines } = room;
  const small = Math.min(width, height);
  const crowd = Math.max(0, count - 6);
  const person = clamp(small * (0.072 - crowd * 0.0035), 17, 46);
  const wide = height < SHALLOW;
  const step = person * (wide ? 0.5 : 0.7);
  const text = label * 1.25 * lines + GAP * 2;
  const seatsY = Math.max(60, height / 2 - person - step - text);
  const side = Math.max(person + step, label * 2.6) + GAP;
  const seatsX = clamp(width / 2 - side, 60, seatsY * (wide ? OVAL : ROUND));
  const reach = Math.min(person * REACH, person * HALO + RING);
  const ry = Math.max(36, seatsY - reach);
  return {
    x: width / 2,
    y: height / 2,
    rx: Math.max(36, Math.min(seatsX - reach, (ry * seatsX) / seatsY)),
    ry,
    seatsX,
    seatsY,
    person,
    step,
  };
}

/** Direction of a chair from the middle of the table, in radians. */
export function direction(index: number, room: Pick<Room, "count" | "mine">): number {
  const turn = (2 * Math.PI) / Math.max(1, room.count);
  return room.mine < 0 ? -Math.PI / 2 + turn * index : Math.PI / 2 + turn * (index - room.mine);
}

/** Place and direction of the chair with this number. */
export function chair(index: number, position: Position, room: Room, at: Table = table(room)): Chair {
  const angle = direction(index, room);
  const moved = at.step * away(position);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return {
    x: round(at.x + cos * (at.seatsX + moved)),
    y: round(at.y + sin * (at.seatsY + moved)),
    back: round(degrees(angle) + (turned(position) ? 180 : 0)),
    above: sin < -SIDEWAYS,
  };
}

/** The chairs in one row, for a screen where one acts: whoever sits apart stands at the far end, as in the circle. */
export function row(
  positions: readonly Position[],
  width: number,
  height: number,
): { person: number; chairs: Chair[] } {
  const person = clamp(Math.min(height / 2 - 9, (width - 24) / (positions.length * 2.9)), 10, 18);
  const apart = positions.filter((position) => away(position) > 0 || turned(position)).length;
  const wide = person * 2.9;
  let near = 0;
  let far = 0;
  const chairs = positions.map((position) => {
    const aside = away(position) > 0 || turned(position);
    const x = aside ? width - 12 - wide / 2 - wide * (apart - ++far) : 12 + wide / 2 + wide * near++;
    return { x: round(x), y: round(height / 2 - 2), back: turned(position) ? -90 : 90, above: false };
  });
  return { person: round(person), chairs };
}

/** How far a position is moved out, in steps. */
export function away(position: Position): number {
  return { in: 0, aside: 0.7, back: 0, unseen: 1, out: 1 }[position];
}

/** Whether the chair is turned round. */
export function turned(position: Position): boolean {
  return position === "back" || position === "unseen";
}

/** The back of a chair: an arc of 128 degrees round direction 0, to be turned by `Chair.back`. */
export function arc(radius: number, span = 128): string {
  const half = (span / 2) * (Math.PI / 180);
  const x = round(radius * Math.cos(half));
  const y = round(radius * Math.sin(half));
  return `M ${x} ${-y} A ${radius} ${radius} 0 0 1 ${x} ${y}`;
}

/** The ring of time: a closed ellipse that starts at the top and runs clockwise. */
export function ring(at: Table, wider: number): string {
  const rx = round(at.rx + wider);
  const ry = round(at.ry + wider);
  const top = round(at.y - ry);
  const bottom = round(at.y + ry);
  return `M ${at.x} ${top} A ${rx} ${ry} 0 0 1 ${at.x} ${bottom} A ${rx} ${ry} 0 0 1 ${at.x} ${top}`;
}

/** One or two letters for each name: as few as distinguish them. */
export function initials(names: readonly string[]): string[] {
  const first = names.map((name) => letters(name, 1));
  return names.map((name, index) => {
    const shared = first.some((other, at) => at !== index && other === first[index]);
    return shared ? letters(name, 2) : (first[index] ?? "");
  });
}

/** A name that fits: at most `most` characters. */
export function shorten(name: string, most: number): string {
  const signs = [...name];
  return signs.length <= most
    ? name
    : `${signs
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`;
}

function letters(name: string, many: number): string {
  const signs = [...name.trim()];
  const head = (signs[0] ?? "?").toLocaleUpperCase();
  return many === 1 ? head : head + (signs[1] ?? "");
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
