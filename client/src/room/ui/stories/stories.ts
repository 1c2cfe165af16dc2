// The stories: which screen, for whom, in which minute.
import type { View } from "../../../protocol/index.ts";
import type { Method } from "../../../protocol/method.ts";
import { CASES, cases, gossiped, later } from "./contents.ts";
import type { Made } from "./fake.svelte.ts";
import { guard, made, turns } from "./making.ts";
import { item, LEADER, makeView, NOW, OWNER, SEATS, slot } from "./views.ts";

export interface Story extends Made {
  readonly method: string;
}
type Teller = (methods: Readonly<Record<string, Method>>, who: string | null, table: boolean) => Made;

export const STORIES: Readonly<Record<string, Teller>> = {
  join: ({ "linxx-9": method }, _who) => {
    const view = makeView({
      method: method as Method,
      phase: null,
      who: null,
      permitted: [
        ["take-seat", ""],
        ["take-seat", "guest"],
      ],
    });
    return made({ ...view, seats: view.seats.slice(0, 3).map((seat) => ({ ...seat, roles: ["participant"] })) });
  },
  lobby: ({ "linxx-9": method }, who) => {
    const view = makeView({
      method: method as Method,
      phase: null,
      who,
      leader: null,
      permitted: [
        ["close-doors", ""],
        ["add-seat", ""],
        ["take-facilitation", ""],
        ["leave", ""],
        ["show-out", ""],
      ],
    });
    return made({ ...view, seats: view.seats.filter((seat, index) => index < 3 || seat.id === who).slice(0, 3) });
  },
  ready: ({ "linxx-9": method }, who) =>
    made(
      makeView({
        method: method as Method,
        phase: null,
        who,
        permitted: [
          ["start", ""],
          ["close-doors", ""],
          ["add-seat", ""],
          ["leave", ""],
          ["show-out", ""],
          ["hand-facilitation", ""],
        ],
      }),
    ),
  overtime: ({ "linxx-9": method }, who) => {
    const desk = SEATS.map((seat, n) =>
      slot(seat, "case", { by: "written", form: "sentence", turn: false, given: n < 4 ? 1 : 0 }),
    );
    const permitted = [["give", "case"] as const, ["pass", "case"] as const];
    const view = makeView({ method: method as Method, phase: "question", who, left: 0, desk, permitted });
    return made({ ...view, phase: view.phase && { ...view.phase, overtime: NOW + 131_000 } });
  },
  collect: ({ "linxx-9": method }, who) =>
    made(
      makeView({
        method: method as Method,
        phase: "question",
        who,
        left: 221_000,
        desk: SEATS.map((seat, n) =>
          slot(seat, "case", { by: "written", form: "sentence", turn: false, given: n < 2 ? 1 : 0 }),
        ),
        permitted: guard(
          who,
          who
            ? [
                ["give", "case"],
                ["pass", "case"],
              ]
            : [],
        ),
      }),
    ),
  collected: ({ "linxx-9": method }, who) =>
    made(
      makeView({
        method: method as Method,
        phase: "question",
        who,
        left: 121_000,
        desk: SEATS.map((seat, n) =>
          slot(seat, "case", { by: "written", form: "sentence", turn: false, given: n < 4 || seat === who ? 1 : 0 }),
        ),
        permitted: guard(who, []),
      }),
    ),
  vote: ({ "linxx-9": method }, who) =>
    made(
      makeView({
        method: method as Method,
        phase: "choose",
        who,
        left: 401_000,
        items: cases,
        desk: SEATS.map((seat) => slot(seat, "vote", { turn: false })),
        permitted: guard(
          who,
          who
            ? [
                ["vote", "case"],
                ["pass", "vote"],
              ]
            : [],
        ),
        more: {
          choice: {
            options: Object.keys(CASES),
            cast: ["snoor0000", "sbram0000"],
            chosen: [],
            tally: null,
            because: null,
          },
        },
      }),
    ),
  tell: ({ "linxx-9": method }, who) =>
    made(
      makeView({
        method: method as Method,
        phase: "explanation",
        who,
        left: 411_000,
        items: cases,
        floor: { seat: OWNER, what: "explanation", owed: true, next: [] },
        desk: [slot(OWNER, "explanation")],
        permitted: guard(
          who,
          who === OWNER
            ? [
                ["give", "explanation"],
                ["pass", "explanation"],
              ]
            : [],
        ),
        more: {
          choice: {
            options: Object.keys(CASES),
            cast: [...SEATS],
            chosen: ["case-w"],
            tally: { "case-w": 3, "case-a": 3 },
            because: "lot",
          },
        },
      }),
    ),
  gossip: ({ "linxx-9": method }, who) =>
    made(
      makeView({
        method: method as Method,
        phase: "gossip",
        who,
        items: gossiped,
        floor: { seat: "ssamira00", what: "hypothesis", owed: true, next: ["sbram0000", "snoor0000", "sjoost000"] },
        desk: turns("hypothesis", "ssamira00", { most: 3 }),
        permitted: guard(
          who,
          who === "ssamira00"
            ? [
                ["give", "hypothesis"],
                ["pass", "hypothesis"],
              ]
            : [],
        ),
      }),
      {
        pad: who === OWNER ? "“alleen willen oplossen”: klopt dat?" : "",
        drafts:
          who === "ssamira00" ? { "/hypothesis/*": { text: "Ik hoor vooral dat ze het alleen wil oplossen" } } : {},
      },
    ),
  gossipempty: (methods, who, table) => ({ ...(STORIES.gossip as Teller)(methods, who, table), drafts: {} }),
  reformulate: ({ "linxx-9": method }, who) =>
    made(
      makeView({
        method: method as Method,
        phase: "reformulate",
        who,
        left: 251_000,
        items: later,
        floor: { seat: OWNER, what: "reformulation", owed: true, next: [] },
        desk: [slot(OWNER, "reformulation", { form: "sentence" })],
        permitted: guard(
          who,
          who === OWNER
            ? [
                ["give", "reformulation"],
                ["pass", "reformulation"],
              ]
            : [],
        ),
      }),
    ),
  advice: ({ "linxx-9": method }, who) =>
    made(
      makeView({
        method: method as Method,
        phase: "advice",
        who,
        left: 31_000,
        items: [
          ...later,
          item(13, "snoor0000", "advice", "round:1:advice", "d-n"),
          item(14, "sbram0000", "advice", "round:1:advice", "x-b"),
        ],
        floor: { seat: "sjoost000", what: "advice", owed: true, next: ["samal0000", "ssamira00"] },
        desk: turns("advice", "sjoost000"),
        seats: (seat) => (seat.id === "sbram0000" ? { ...seat, here: false } : seat),
        acting: who === LEADER ? { sbram0000: [["pass", "advice"]] } : {},
        permitted: guard(
          who,
          who === "sjoost000"
            ? [
                ["give", "advice"],
                ["pass", "advice"],
              ]
            : [],
        ),
      }),
    ),
  evaluation: ({ "linxx-9": method }, who) =>
    made(
      makeView({
        method: method as Method,
        phase: "evaluation",
        who,
        left: -1,
        items: later,
        floor: null,
        desk: SEATS.flatMap((seat) => [
          slot(seat, "remark", { given: 1 }),
          slot(seat, "action", { least: 0, most: 3, by: "written", form: "action", turn: false }),
        ]),
        permitted: guard(who, [
          ["give", "action"],
          ["ready", ""],
        ]),
        leader: null,
        more: { ready: ["snoor0000", "sbram0000"] },
      }),
    ),
  question: ({ "leading-org-7": method }, who) => {
    const give = (method as Method).round.flatMap((phase) => phase.gives).find((one) => one.what === "question");
    const phase = (method as Method).round.find((one) => one.gives.includes(give as never))?.id ?? "";
    return made(
      makeView({
        method: method as Method,
        phase,
        who,
        left: 252_000,
        items: [...cases, item(8, "ssamira00", "question", `round:1:${phase}`, "q-n")],
        floor: { seat: "snoor0000", what: "question", owed: true, next: ["sjoost000", "samal0000"] },
        desk: turns("question", "snoor0000", { form: give?.form, fields: give?.fields ?? null }),
        permitted: guard(
          who,
          who === "snoor0000"
            ? [
                ["give", "question"],
                ["pass", "question"],
              ]
            : [],
        ),
        more: { meeting: { ...makeView({ method: method as Method, phase, who }).meeting, practice: false } },
      }),
    );
  },
  settle: ({ "leading-org-7": method }, who) => {
    const phase = [...(method as Method).opening, ...(method as Method).round].find((one) => one.choose)?.id ?? "";
    return made(
      makeView({
        method: method as Method,
        phase,
        who,
        items: cases,
        permitted: guard(who, who === LEADER ? [["choose", "case"]] : []),
        more: { choice: { options: Object.keys(CASES), cast: [], chosen: [], tally: null, because: null } },
      }),
    );
  },
  tip: ({ "leading-org-7": method }, who) => {
    const phase = (method as Method).round.find((one) => one.kind === "tip");
    return made(
      makeView({
        method: method as Method,
        phase: phase?.id ?? "",
        who,
        left: 452_000,
        items: [...later, item(13, "snoor0000", "tip", `round:1:${phase?.id}`, "t-n")],
        floor: { seat: "samal0000", what: "tip", owed: true, next: ["ssamira00"] },
        desk: turns("tip", "samal0000", { form: phase?.gives[0]?.form }),
        permitted: guard(
          who,
          who === "samal0000"
            ? [
                ["give", "tip"],
                ["pass", "tip"],
              ]
            : [],
        ),
      }),
    );
  },
  nodevice: ({ "linxx-9": method }, who, table) =>
    made(
      makeView({
        method: method as Method,
        phase: "advice",
        who,
        left: 331_000,
        items: later,
        floor: { seat: "sbram0000", what: "advice", owed: true, next: ["samal0000", "ssamira00"] },
        desk: turns("advice", "sbram0000"),
        seats: (seat) => (seat.id === "sbram0000" ? { ...seat, device: false, here: false } : seat),
        leader: table ? null : LEADER,
        acting:
          who === LEADER || table
            ? {
                sbram0000: [
                  ["give", "advice"],
                  ["pass", "advice"],
                ],
              }
            : {},
        permitted: table ? [["pause", ""]] : guard(who, []),
      }),
    ),
  paused: (methods, who, table) => {
    const base = (STORIES.gossip as Teller)(methods, who, table);
    const view = base.view as View;
    return {
      ...base,
      view: {
        ...view,
        meeting: { ...view.meeting, status: "paused" },
        phase: view.phase && { ...view.phase, remaining: 400_000 },
        mine: { ...view.mine, permitted: who === LEADER ? [["resume", ""]] : [] },
      },
    };
  },
  offline: (methods, who, table) => ({ ...(STORIES.gossip as Teller)(methods, who, table), offline: true }),
  refused: (methods, who, table) => ({ ...(STORIES.gossip as Teller)(methods, who, table), refused: true }),
  closed: ({ "linxx-9": method }, who) => {
    const view = makeView({
      method: method as Method,
      phase: "evaluation",
      who,
      permitted: [["burn", ""]],
      items: [
        ...later,
        item(13, "snoor0000", "advice", "round:1:advice", "d-n"),
        item(15, OWNER, "action", "round:1:evaluation", "a-w"),
      ],
    });
    return made(
      {
        ...view,
        phase: null,
        round: { number: 1, of: 1, owner: OWNER, case: "case-w" },
        meeting: { ...view.meeting, status: "closed" },
      },
      { pad: "Alleen willen oplossen: klopt dat?\nVraag het haar gewoon." },
    );
  },
  burned: (methods, who, table) => {
    const base = (STORIES.closed as Teller)(methods, who, table);
    const view = base.view as View;
    return {
      ...base,
      view: { ...view, meeting: { ...view.meeting, burned: true }, mine: { ...view.mine, permitted: [] } },
    };
  },
  doors: (methods, _who, table) => {
    const base = (STORIES.join as Teller)(methods, null, table);
    const view = base.view as View;
    return { ...base, view: { ...view, meeting: { ...view.meeting, doors: "closed" } } };
  },
  wrongkey: (methods, _who, table) => ({
    ...(STORIES.join as Teller)(methods, null, table),
    contents: Object.fromEntries(SEATS.map((seat) => [`name-${seat}`, "failed" as const])),
  }),
  shownout: () => made(null, { ended: "shown-out" }),
  nokey: () => made(null, { ended: "key-missing" }),
};
