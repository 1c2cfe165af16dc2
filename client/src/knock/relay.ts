// What a knock is carried by: the few calls of whoever knocks, and of whoever sits inside. docs/http.md says what they are.
import { admissionProof } from "../crypto/admission.ts";
import type { Message } from "../crypto/voice.ts";
import { KNOCK_CODES } from "../protocol/knock-codes.ts";
import { call } from "../transport/api.ts";

/** What the other side said since, and whether it is over; `next`: what to ask on from. */
export interface Heard {
  readonly messages: readonly Message[];
  readonly next: number;
  readonly over: boolean;
}

/** One end of a knock. */
export interface Line {
  /** Says something, if there is something to say, and hears what came since. Rejects as `call` does. */
  say(since: number, message: Message | null): Promise<Heard>;
}

export interface Waiting {
  readonly knock: string;
  readonly left: number;
  readonly message: Message;
}

/** What is to be seen from inside; `code`: empty when it leads here no more. */
export interface AtTheDoor {
  readonly code: string;
  readonly knocks: readonly Waiting[];
}

/** A device that sits inside: the meeting, its key and the device's token. */
export interface Inside {
  readonly meeting: string;
  readonly key: string;
  readonly token: string;
}

/** Milliseconds for an answer: on a telephone that changes networks a request may never get one, and is sent again. */
const PATIENCE = 10_000;

interface How {
  readonly signal: AbortSignal;
  readonly keepalive: boolean;
}

/** The end is said even by a page that is being left. */
const how = (message?: Message | null): How => ({
  signal: AbortSignal.timeout(PATIENCE),
  keepalive: message?.what === "end",
});

const isHeard = (said: object): boolean => "messages" in said && "next" in said && "over" in said;

/** Knocks where a code leads. */
export async function knockAt(code: string, message: Message): Promise<Line> {
  const fits = (said: object): boolean => "knock" in said && "secret" in said;
  const made = await call<{ knock: string; secret: string }>(
    "/api/knocks",
    { code, message },
    fits,
    KNOCK_CODES,
    how(),
  );
  const { knock, secret } = made;
  return {
    say: (since, message) =>
      call(`/api/knocks/${knock}`, { secret, since, message }, isHeard, KNOCK_CODES, how(message)),
  };
}

/** The door from inside. */
export class Door {
  readonly #path: string;
  readonly #who: Promise<{ device_token: string; admission: string }>;

  constructor({ meeting, key, token }: Inside) {
    this.#path = `/api/meetings/${meeting}`;
    this.#who = admissionProof(key, meeting).then((admission) => ({ device_token: token, admission }));
    this.#who.catch(() => undefined);
  }

  /** The join code, and for how many seconds it is good; `live: false` ends it. */
  async code(live: boolean): Promise<{ readonly code: string; readonly left: number }> {
    return call(`${this.#path}/code`, { ...(await this.#who), live }, (said) => "code" in said, KNOCK_CODES, how());
  }

  async knocks(): Promise<AtTheDoor> {
    const fits = (said: object): boolean => "code" in said && "knocks" in said;
    return call(`${this.#path}/knocks`, await this.#who, fits, KNOCK_CODES, how());
  }

  line(knock: string): Line {
    return {
      say: async (since, message) =>
        call(
          `${this.#path}/knocks/${knock}`,
          { ...(await this.#who), since, message },
          isHeard,
          KNOCK_CODES,
          how(message),
        ),
    };
  }
}
