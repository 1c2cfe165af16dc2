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

/** Why this device itself gives up: the link lacks its key or has another meeting's, or the meeting's content has expired. */
export const LOCAL_ENDINGS = ["key-missing", "wrong-key", "expired", "ticket-refused", "left"] as const;

export type RefusalCode = Refusal | (typeof LOCAL_REFUSALS)[number];
export type CloseCode = CloseReason;
export type EndCode = CloseCode | (typeof LOCAL_ENDINGS)[number];

const NAMES = new Map<number, CloseCode>(
  (Object.keys(CLOSE_CODES) as CloseCode[]).map((name) => [CLOSE_CODES[name], name]),
);
const KNOWN = new Set<string>([...REFUSALS, ...WIRE_REFUSALS, ...LOCAL_REFUSALS]);

/** The name of a WebSocket close code, or `null` for an ordinary disconnection. */
export function closeName(code: number): CloseCode | null {
  return NAMES.get(code) ?? null;
}

/** A refusal code as this client knows it; one of a newer server reads as "try-again". */
export function refusalCode(code: string): RefusalCode {
  return KNOWN.has(code) ? (code as RefusalCode) : "try-again";
}
