// The few HTTP calls of the client. JSON in, JSON out; own origin only; no cookies needed.
//
// Between a browser and Kring stand others who answer in its place: portals, firewalls, sign-on pages, proxies whose server is
// just restarting. So only JSON that carries a code of ours, with the status that belongs to it, is believed to be Kring's no;
// and only an answer of the shape that was asked for is its yes. All else says nothing about a meeting: it is tried later.

import type { CircleCode } from "../protocol/circle-codes.ts";
import { HTTP_CODES, type HttpCode } from "../protocol/codes.ts";
import type { KnockCode } from "../protocol/knock-codes.ts";
import { type Method, type MethodSummary, readMethod } from "../protocol/method.ts";

type ApiCode = HttpCode | KnockCode | CircleCode;

/** There was an answer, and it was no success: Kring's, with a `code`, or, without one, somebody's in between. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  /** 0 for a redirect, which is never followed: Kring's API has none. */
  readonly status: number;
  /** Kring's stable code; empty where the answer isn't Kring's. */
  readonly code: ApiCode | "";
  /** Seconds after which the server thinks another try is worth it; 0 where it doesn't say. */
  readonly retryAfter: number;

  constructor(status: number, code: ApiCode | "" = "", retryAfter = 0) {
    super(`the server answered ${status} ${code}`);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export interface Ticket {
  readonly ticket: string;
  readonly device_token: string;
  /** Path of the room's WebSocket. */
  readonly room: string;
}

export type As = "device" | "table";

export type Json = Readonly<Record<string, unknown>>;

/** What an answer says, if it is JSON. */
export async function jsonOf(response: Response): Promise<Json | null> {
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) return null;
  const said: unknown = await response.json().catch(() => null);
  return said !== null && typeof said === "object" ? (said as Json) : null;
}

type Codes = Readonly<Partial<Record<ApiCode, number>>>;

/** A refusal: Kring's where its code and status belong together. */
export async function refused(response: Response, codes: Codes): Promise<HttpError> {
  const code = (await jsonOf(response))?.code as HttpCode;
  const known = typeof code === "string" && Object.hasOwn(codes, code) && codes[code] === response.status;
  return new HttpError(response.status, known ? code : "", Number(response.headers.get("Retry-After")) || 0);
}

/**
 * One request to our own server: JSON in, JSON out. `fits` says whether the answer is what was asked for; `codes`: those that are
 * believed to be Kring's; `how`: whether it arrives though the page is left meanwhile, and until when an answer is waited for.
 * Rejects with an `HttpError`, or with what `fetch` rejects with when nobody answers.
 */
export async function call<T = Json>(
  path: string,
  body?: unknown,
  fits?: (said: Json) => boolean,
  codes: Codes = HTTP_CODES,
  how: Pick<RequestInit, "keepalive" | "signal"> = {},
): Promise<T> {
  const own: RequestInit = { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual" };
  const init = { ...own, ...how };
  if (body !== undefined) {
    init.method = "POST";
    init.headers = { Accept: "application/json", "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  const response = await fetch(path, init);
  if (!response.ok) throw await refused(response, codes);
  const said = await jsonOf(response);
  if (said === null || (fits && !fits(said))) throw new HttpError(response.status);
  return said as T;
}

const areTexts = (said: Json, ...names: string[]): boolean =>
  names.every((name) => typeof said[name] === "string" && said[name] !== "");

const isTicket = (said: Json): boolean => areTexts(said, "ticket", "device_token", "room");

/**
 * A short-lived ticket for one connection, and the token by which this device is known again. `admission` proves that it has
 * the meeting's key.
 */
export async function getTicket(meeting: string, token: string | null, as: As, admission: string): Promise<Ticket> {
  const path = `/api/meetings/${meeting}/tickets`;
  const wanted = { device_token: token, as };
  try {
    return await call(path, { ...wanted, admission }, isTicket);
  } catch (error) {
    // A server of before that was asked takes no such field: as long as a cluster is upgraded, one may answer.
    if (!(error instanceof HttpError && error.code === "bad-shape")) throw error;
    return call(path, wanted, isTicket);
  }
}

/** The methods that a meeting may be held by. */
export async function listMethods(): Promise<readonly MethodSummary[]> {
  return call("/api/methods", undefined, Array.isArray);
}

/** The method of this meeting, defaults filled. */
export async function meetingMethod(meeting: string): Promise<Method> {
  return readMethod(await call(`/api/meetings/${meeting}/method`, undefined, (said) => "round" in said));
}

export interface NewMeeting {
  readonly method: string;
  readonly practice: boolean;
  /** In writing, over days; else spoken. */
  readonly written: boolean;
  readonly language: string;
  /** An id of this browser's own making, and what whoever wants in must prove; both or neither. */
  readonly meeting?: string;
  readonly admission?: string;
}

/** Opens a meeting; answers its id. */
export async function createMeeting(meeting: NewMeeting): Promise<string> {
  return (await call<{ meeting: string }>("/api/meetings", meeting, (said) => areTexts(said, "meeting"))).meeting;
}

export interface Colleagues {
  readonly key: string;
  readonly seats: number;
  readonly role: "owner" | "participant" | "facilitator";
  readonly language: string;
}

/** Practice meetings only: starts the simulated colleagues, who get the key because they must read along. */
export async function startColleagues(meeting: string, colleagues: Colleagues): Promise<void> {
  await call(`/api/meetings/${meeting}/colleagues`, colleagues, (said) => typeof said.seats === "number");
}
