// Hand-made views: one meeting of six, phase by phase, as each of them would see it.
import type { FloorView, ItemView, PhaseView, SeatView, SlotView, View } from "../../../protocol/index.ts";
import type { Method, Phase } from "../../../protocol/method.ts";

export const NAMES: Readonly<Record<string, string>> = {
  sbram0000: "Bram",
  snoor0000: "Noor",
  swietske0: "Wietske",
  sjoost000: "Joost",
  samal0000: "Amal",
  ssamira00: "Samira",
};
export const SEATS = Object.keys(NAMES);
export const OWNER = "swietske0";
export const LEADER = "sjoost000";
const START = 1_790_000_000_000;

export type Pair = readonly [string, string];

export interface ViewOptions {
  readonly method: Method;
  readonly phase: string | null;
  readonly who: string | null;
  readonly floor?: FloorView | null;
  readonly items?: readonly ItemView[];
  readonly permitted?: readonly Pair[];
  readonly acting?: Readonly<Record<string, readonly Pair[]>>;
  readonly desk?: readonly SlotView[];
  readonly left?: number;
  readonly more?: Partial<View>;
  readonly seats?: (seat: SeatView) => SeatView;
  readonly leader?: string | null;
}

export function slot(seat: string, what: string, more: Partial<SlotView> = {}): SlotView {
  const base = {
    seat,
    what,
    least: 1,
    most: 1,
    given: 0,
    passed: false,
    by: "either",
    form: "text",
    fields: null,
    turn: true,
    ...more,
  };
  return { owed: base.passed ? 0 : Math.max(0, base.least - base.given), ...base };
}

export function item(
  n: number,
  seat: string,
  what: string,
  phase: string,
  content: string | null,
  round = 1,
): ItemView {
  return { n, seat, what, phase, id: `i${n}`, round, at: START + n * 1000, content };
}

/** The phase as the engine would tell it. */
function phaseView(method: Method, id: string, left: number | null): PhaseView {
  const section =
    (["opening", "round", "closing"] as const).find((one) => method[one].some((phase) => phase.id === id)) ?? "round";
  const index = method[section].findIndex((phase) => phase.id === id);
  const step = method[section][index] as Phase;
  return {
    key: `${section}:${section === "round" ? 1 : 0}:${id}`,
    id,
    kind: step.kind,
    section,
    index,
    minutes: step.minutes,
    started: START,
    deadline: left === null ? null : START + left,
    remaining: null,
    signalled: left !== null && left <= 0,
    grace: null,
    module: null,
    module_index: null,
    "module-index": null,
    silence: step.silence,
    extended: 0,
    casting: [],
    overtime: null,
    part: 0,
    parts: 1,
  } as unknown as PhaseView;
}

export function makeView(options: ViewOptions): View {
  const { method, phase, who, leader = LEADER } = options;
  const step = [...method.opening, ...method.round, ...method.closing].find((one) => one.id === phase);
  const inRound = method.round.some((one) => one.id === phase);
  const seats = SEATS.map((id): SeatView => {
    const owner = inRound && id === OWNER;
    const roles = [owner ? "owner" : "participant", ...(id === leader ? ["facilitator"] : [])];
    const position = (owner && step?.position.owner) || "in";
    const seat = { id, name: `name-${id}`, here: true, device: true, guest: false, roles, position, awaited: true };
    return options.seats ? options.seats(seat) : seat;
  });
  return {
    meeting: {
      id: "abcdefghij234567abcd",
      method: method.id,
      status: phase ? "running" : "lobby",
      doors: "open",
      practice: false,
      written: false,
      factor: 1,
      burned: false,
      smallest: method.group.min,
      largest: method.group.max,
      started: phase !== null,
    },
    seats,
    round: inRound
      ? { number: 1, of: method.cases === "everyone" ? 3 : method.cases, owner: OWNER, case: "case-w" }
      : null,
    phase: phase ? phaseView(method, phase, options.left ?? 558_000) : null,
    floor: options.floor ?? null,
    desk: options.desk ?? [],
    limits: [],
    ready: [],
    choice: null,
    chosen: [],
    agenda: [],
    proposals: { close: [], burn: [], "show-out": {} },
    tables: [],
    mine: { seat: who, permitted: options.permitted ?? [], acting: options.acting ?? {}, vote: null },
    items: options.items ?? [],
    ...options.more,
  } as unknown as View;
}

export const NOW = START;
