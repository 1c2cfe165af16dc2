// Codes of the HTTP API that only a circle's pages act on. In a file of its own: a page loads it with the rest.

/** With their statuses (`kring_web.web.json_api`). */
export const CIRCLE_CODES = {
  "sign-in": 401,
  "wrong-key": 403,
  "not-a-member": 403,
  "not-yours": 403,
  "no-circle": 404,
  "log-moved": 409,
  "item-moved": 409,
  "epoch-moved": 409,
  "keyring-moved": 409,
  "last-lock": 409,
  "circle-full": 409,
  "entry-refused": 422,
  "too-many": 429,
} as const;
export type CircleCode = keyof typeof CIRCLE_CODES;
