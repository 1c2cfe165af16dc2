// How this device comes in: by what names it, and with a proof that it was given the link.
import { admissionProof } from "../../crypto/admission.ts";
import { NEWEST } from "../../crypto/seal.ts";
import type { As } from "../../transport/api.ts";
import type { Environment as Needs } from "../../transport/connection.ts";
import type { DeviceToken } from "./device-token.ts";
import type { Environment } from "./environment.ts";

export interface Coming {
  readonly meeting: string;
  readonly as: As;
  readonly key: string;
  readonly token: DeviceToken;
  /** Whether this device has been told to keep nothing more. */
  forgotten(): boolean;
}

/** What a connection needs to bring this device in. */
export function entrance(browser: Environment, { meeting, as, key, token, forgotten }: Coming): Needs {
  return {
    ticket: async () => {
      const proof = await admissionProof(key, meeting);
      const ticket = await browser.ticket(meeting, token.read(), as, proof);
      if (!forgotten()) token.write(ticket.device_token);
      return ticket;
    },
    forget: () => token.forget(),
    socket: (path) => browser.socket(path),
    random: Math.random,
    seal: NEWEST,
  };
}
