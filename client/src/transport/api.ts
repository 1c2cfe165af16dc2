// The few HTTP calls of the client. JSON in, JSON out; own origin only; no cookies needed.
import { type Method, type MethodSummary, readMethod } from "../protocol/method.ts";

/** The server answered with a status that isn't success. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  /** The server's stable code, where it gave one. */
  readonly code: string;
  /** Seconds after which the server thinks another try is worth it; 0 where it doesn't say. */
  readonly retryAfter: number;

  constructor(status: number, code = "", retryAfter = 0) {
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

async function codeOf(response: Response): Promise<string> {
  const said: unknown = await response.json().catch(() => null);
  const code = said !== null && typeof said === "object" && "code" in said ? said.code : "";
  return typeof code === "string" ? code : "";
}

/** One request to our own server: JSON in, JSON out. */
export async function call(path: string, body?: unknown): Promise<unknown> {
  const init: RequestInit = { headers: { Accept: "application/json" }, credentials: "same-origin" };
  if (body !== undefined) {
    init.method = "POST";
    init.headers = { Accept: "application/json", "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  const response = await fetch(path, init);
  if (!response.ok) {
    const retryAfter = Number(response.headers.get("Retry-After")) || 0;
    throw new HttpError(response.status, await codeOf(response), retryAfter);
  }
  return response.status === 204 ? null : response.json();
}

/**
 * A short-lived ticket for one connection, and the token by which this device is known again. `admission` proves that it has
 * the meeting's key.
 */
export async function getTicket(meeting: string, token: string | null, as: As, admission: string): Promise<Ticket> {
  const path = `/api/meetings/${meeting}/tickets`;
  const wanted = { device_token: token, as };
  try {
    return (await call(path, { ...wanted, admission })) as Ticket;
  } catch (error) {
    // A server of before that was asked takes no such field: as long as a cluster is upgraded, one may answer.
    if (!(error instanceof HttpError && error.code === "bad-shape")) throw error;
    return (await call(path, wanted)) as Ticket;
  }
}

/** The methods that a meeting may be held by. */
export async function listMethods(): Promise<readonly MethodSummary[]> {
  return (await call("/api/methods")) as readonly MethodSummary[];
}

/** The method of this meeting, defaults filled. */
export async function meetingMethod(meeting: string): Promise<Method> {
  return readMethod(await call(`/api/meetings/${meeting}/method`));
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
  return ((await call("/api/meetings", meeting)) as { meeting: string }).meeting;
}

export interface Colleagues {
  readonly key: string;
  readonly seats: number;
  readonly role: "owner" | "participant" | "facilitator";
  readonly language: string;
}

/** Practice meetings only: starts the simulated colleagues, who get the key because they must read along. */
export async function startColleagues(meeting: string, colleagues: Colleagues): Promise<void> {
  await call(`/api/meetings/${meeting}/colleagues`, colleagues);
}
