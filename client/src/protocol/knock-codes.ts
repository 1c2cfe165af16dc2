// Codes of the HTTP API that only whoever knocks, or answers a knock, acts on. In a file of its own: a page loads it with the rest.

/** With their statuses (`kring_web.web.json_api`). */
export const KNOCK_CODES = {
  "not-seated": 403,
  "wrong-key": 403,
  "bad-token": 403,
  "unknown-meeting": 404,
  "wrong-code": 404,
  "doors-closed": 409,
  "too-many-knocks": 409,
  "knock-taken": 409,
  "out-of-turn": 409,
  expired: 410,
  "knock-over": 410,
  "too-many": 429,
} as const;
export type KnockCode = keyof typeof KNOCK_CODES;
