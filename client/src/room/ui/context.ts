// The context of the room's components: the store, which is made once at the entry point, the page, and the texts.
import { getContext, setContext } from "svelte";
import { catalogue } from "../../design/language.svelte.ts";
import { alike, excessOfName, nameTrouble } from "../../design/names.ts";
import { codeTexts } from "../../design/texts/catalogues.ts";
import type { EndCode } from "../../protocol/codes.ts";
import type { Command, Devices, Fields, SeatView, View } from "../../protocol/index.ts";
import type { Method, Phase } from "../../protocol/method.ts";
import type { Obstacle } from "../../transport/connection.ts";
import type { Cue } from "../sound/cues.ts";
import type { Answer, Change, Content } from "../state/room.svelte.ts";
import type { Video } from "../state/video.svelte.ts";
import type { Visits } from "../state/visits.ts";
import type { UiTexts } from "../texts/nl.ts";
import { listed } from "./selectors.ts";

/** What can be permitted: every command, and acting for a seat. */
export type Action = Command["type"] | "act-for";
export type { Answer, Change, Content };

/** The part of `RoomStore` that screens use; stories play it with hand-made views. */
export interface Room {
  readonly view: View | null;
  readonly method: Method | null;
  readonly status: "connecting" | "open" | "closed";
  readonly ended: EndCode | null;
  /** Whether this device may knock at the closed doors. */
  readonly mayKnock: boolean;
  readonly seat: string | null;
  readonly me: SeatView | null;
  readonly owner: SeatView | null;
  readonly facilitator: SeatView | null;
  readonly step: Phase | null;
  readonly acting: readonly string[];
  readonly time: number;
  readonly left: number | null;
  readonly unsent: number;
  /** What stands between this device and the room, while there is no connection. */
  readonly obstacle: Obstacle | null;
  /** Whether somebody was here before on this device, and it isn't said yet who is here now. */
  readonly wasHere: boolean;
  /** Whether a reload would lose what this device holds. */
  readonly forgetful: boolean;
  /** Whether others use this computer, too. */
  readonly shared: boolean;
  /** What whoever left could read before. */
  readonly last: View | null;
  readonly devices: Devices;
  readonly sending: ReadonlySet<string>;
  readonly notes: {
    pad: string;
    readonly drafts: Readonly<Record<string, Fields>>;
    draft(key: string): Fields;
    setDraft(key: string, fields: Fields | null): void;
  };
  name(seat: string): string;
  content(id: string): Content;
  permitted(command: Action, detail?: string): boolean;
  details(command: Action): readonly string[];
  mayFor(seat: string, command: Action, detail?: string): boolean;
  detailsFor(seat: string, command: Action): readonly string[];
  mayGive(what: string, on: string | null): boolean;
  send(command: Command): Promise<Answer>;
  takeSeat(name: string, guest?: boolean): Promise<Answer>;
  addSeat(name: string): Promise<Answer>;
  give(what: string, fields: Fields | null, options?: { on?: string; draft?: string }): Promise<Answer>;
  link(as: "device" | "table"): string;
  /** The address by which another device of this person takes the same seat; `null` where there is no seat. */
  seatLink(): string | null;
  readonly video: Video;
  listen(listener: (change: Change) => void): () => void;
  /** Connects again; `knock`: if the doors are closed, those inside are told. */
  retry(knock?: boolean): void;
  /** Goes on with what was left on this device, or removes it and begins anew. */
  resume(mine: boolean): void;
  /** Says whether this is a shared computer: it then keeps things for this tab alone. */
  share(shared: boolean): void;
  /** Removes everything of this meeting from this device. */
  forget(): void;
}

/** Settings of the page that the room is in. */
export interface Page {
  readonly table: boolean;
  readonly practice: boolean;
  /** Days until the content expires. */
  readonly days: number;
  /** When it expires, in milliseconds since the epoch. */
  readonly ends?: number;
  /** When this device was here before, in a meeting over days. */
  readonly visits?: Pick<Visits, "before" | "note" | "forget">;
  /** Whether this person facilitates from the start, as chosen before a practice meeting. */
  readonly leads: boolean;
  /** Whether the circle said that it sits round one table. */
  readonly atTable?: boolean;
  /** The text that goes along with a shared link, in the language of the circle. */
  readonly invitation?: string;
  /** Whether it asks that the screen stays on: the policy of a room's own page allows that, and of no other. */
  readonly keepsScreenOn?: boolean;
  readonly sounds: { on: boolean; unlock(): void; play(cue: Cue): void };
}

const ROOM = Symbol("room");
const PAGE = Symbol("page");

export function provide(room: Room, page: Page): void {
  setContext(ROOM, room);
  setContext(PAGE, page);
}

export function useRoom(): Room {
  return getContext<Room>(ROOM);
}

export function usePage(): Page {
  return getContext<Page>(PAGE);
}

/** The catalogue of the screens in the chosen language; reactive where it is read. */
export const roomTexts = catalogue<UiTexts>({
  nl: async () => (await import("../texts/nl.ts")).nl,
  en: async () => (await import("../texts/en.ts")).en,
  de: async () => (await import("../texts/de.ts")).de,
  fr: async () => (await import("../texts/fr.ts")).fr,
});

/**
 * The name to show for a seat: never empty, also where it can't be opened. Whoever sat down at the same moment under the same name
 * gets a number behind it. Whoever left while this page looked on still has a name.
 */
export function nameOf(room: Room, seat: string | null | undefined): string {
  const name = seat ? room.name(seat) : "";
  if (!name) return roomTexts().someone;
  const seats = room.view?.seats ?? [];
  const at = seats.findIndex((one) => one.id === seat);
  const same = seats.slice(0, Math.max(0, at)).filter((one) => alike(room.name(one.id), name)).length;
  return same > 0 ? `${name} (${same + 1})` : name;
}

/** What is wrong with the name that somebody wants for a seat; `null` for nothing. */
export function nameProblem(room: Room, name: string): string | null {
  const others = (room.view?.seats ?? []).map((seat) => room.name(seat.id)).filter(Boolean);
  const trouble = nameTrouble(name, others);
  if (trouble === "tooLong") return roomTexts().names.tooLong(excessOfName(name));
  return trouble && roomTexts().names[trouble];
}

/** The names of these seats, as a list in a sentence. */
export function namesOf(room: Room, seats: readonly string[]): string {
  return listed(
    seats.map((seat) => nameOf(room, seat)),
    roomTexts().and,
  );
}

/** The text for a refused command; `null` for one that was accepted. */
export function refusal(answer: Answer): string | null {
  return answer.ok ? null : codeTexts().refusals[answer.code];
}
