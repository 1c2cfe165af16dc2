// Stable codes that the room may answer with. A test compares them with the Python sources.

import type { CloseReason, Refusal } from "./types.gen.ts";

/** Why a command was refused by the meeting (`kring.meeting.refusals`), in the order of the catalogue. */
export const REFUSALS = [
  "not-seated",
  "already-seated",
  "seat-taken",
  "seat-present",
  "seat-of-member",
  "unknown-seat",
  "unknown-table",
  "only-device",
  "group-full",
  "group-too-small",
  "doors-closed",
  "facilitator-only",
  "owner-only",
  "room-only",
  "role-taken",
  "unknown-role",
  "not-started",
  "already-started",
  "meeting-closed",
  "paused",
  "not-paused",
  "not-in-writing",
  "not-in-this-phase",
  "not-your-turn",
  "silenced",
  "advice-not-now",
  "already-given",
  "nothing-owed",
  "must-be-written",
  "must-be-spoken",
  "floor-taken",
  "no-floor",
  "unknown-choice",
  "wrong-votes",
  "still-owed",
  "not-skippable",
  "limit-reached",
  "alone",
  "no-say",
  "not-asked",
  "no-extension-left",
  "too-long",
  "content-taken",
  "content-burned",
  "meeting-full",
  "practice-only",
  "bad-value",
  "phase-over",
  "phase-ending",
] as const satisfies readonly Refusal[];

/** Refusals of the room itself. */
export const WIRE_REFUSALS = [
  "bad-body",
  "body-too-long",
  "body-missing",
  "body-unasked",
  "seal-too-new",
  "try-again",
] as const satisfies readonly Refusal[];

/** Refusals that this device gives itself: the connection ended before the command arrived, or the room could not read it. */
export const LOCAL_REFUSALS = ["connection-ended", "frame-refused"] as const;

/** Why the room closes a connection, with the WebSocket close code (`kring_room.wire.messages.CLOSE_CODES`). */
export const CLOSE_CODES = {
  restarting: 1012,
  "frame-too-large": 1009,
  "ticket-forged": 4001,
  "ticket-expired": 4002,
  "ticket-elsewhere": 4003,
  "hello-expected": 4004,
  "not-json": 4005,
  "unknown-type": 4006,
  "bad-shape": 4007,
  "too-fast": 4008,
  replaced: 4009,
  "shown-out": 4010,
  "doors-closed": 4011,
  "too-slow": 4012,
  "unknown-meeting": 4013,
  "not-text": 4014,
  full: 4015,
  "device-ended": 4016,
} as const satisfies Record<CloseReason, number>;

/** Codes of the HTTP API that this client acts on, with their statuses (`kring_web.web.json_api`, `kring_room.counts`). */
export const HTTP_CODES = {
  "bad-request": 400,
  "bad-json": 400,
  "bad-shape": 400,
  "unknown-method": 404,
  "bad-token": 403,
  "wrong-key": 403,
  "other-origin": 403,
  "unknown-meeting": 404,
  "practice-off": 404,
  "wrong-method": 405,
  "not-practice": 409,
  "already-practising": 409,
  "meeting-taken": 409,
  expired: 410,
  "too-large": 413,
  "json-expected": 415,
  "not-a-method": 422,
  "not-this-way": 422,
  "takes-too-long": 422,
  "too-many": 429,
  overloaded: 503,
  restarting: 503,
  "store-trouble": 503,
} as const;
export type HttpCode = keyof typeof HTTP_CODES;

/**
 * Why this device itself gives up: the link lacks its key or has another meeting's, the page is not secure, the meeting's content has expired, somebody left,
 * or let the device forget the meeting.
 */
export const LOCAL_ENDINGS = [
  "key-missing",
  "wrong-key",
  "insecure",
  "expired",
  "ticket-refused",
  "left",
  "forgotten",
] as const;

export type RefusalCode = Refusal | (typeof LOCAL_REFUSALS)[number];
export type CloseCode = CloseReason;
export type EndCode = CloseCode | (typeof LOCAL_ENDINGS)[number];

const NAMES = new Map<number, CloseCode>(
  (Object.keys(CLOSE_CODES) as CloseCode[]).map((name) => [CLOSE_CODES[name], name]),
);
const KNOWN = new Set<string>([...REFUSALS, ...WIRE_REFUSALS, ...LOCAL_REFUSALS]);

/** Why the room closed a connection: its close frame has the name beside the code. `null` for a close that isn't the room's. */
export function closeName(code: number, reason: string): CloseCode | null {
  const name = NAMES.get(code) ?? null;
  return name === reason ? name : null;
}

/** Whether this is the name of one of the room's reasons. */
export function isCloseCode(name: unknown): name is CloseCode {
  return typeof name === "string" && Object.hasOwn(CLOSE_CODES, name);
}

/** A refusal code as this client knows it; one of a newer server reads as "try-again". */
export function refusalCode(code: string): RefusalCode {
  return KNOWN.has(code) ? (code as RefusalCode) : "try-again";
}
