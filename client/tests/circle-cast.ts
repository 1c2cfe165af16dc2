// The fixed cast of a circle: each with an account, a device and a master key, in one circle on a server that may lie.

import { type Heard, Membership } from "../src/circle/circle.ts";
import { fragmentOf } from "../src/circle/link.ts";
import { Newcomer } from "../src/circle/newcomer.ts";
import type { Setting } from "../src/circle/session.ts";
import { fresh } from "../src/crypto/keyring.ts";
import { type LyingServer, MemoryStore } from "./lying-server.ts";

export const ABOUT = {
  name: "Kring Noord",
  purpose: "Elkaar verder helpen",
  rhythm: "elke acht weken",
  rules: "Wat hier gezegd wordt, blijft hier.",
};
export const AGREED = { admit: "one", remove: "majority" } as const;

export class Person {
  readonly account: string;
  readonly store = new MemoryStore();
  masters = [fresh()];
  readonly #server: LyingServer;

  constructor(server: LyingServer, account: string) {
    this.#server = server;
    this.account = account;
  }

  get setting(): Setting {
    const { account, store, masters } = this;
    return { account, store, masters, api: this.#server.as(account), now: () => this.#server.now };
  }

  found(name = this.account, after = ""): Promise<Membership> {
    return Membership.found(this.setting, { about: ABOUT, name, agreed: AGREED, after });
  }

  /** The only circle that the server says I am in, as this device then reads it. */
  async open(): Promise<Membership> {
    const [row] = await this.setting.api.circles();
    if (row === undefined) throw new Error("in no circle");
    return Membership.open(this.setting, row);
  }

  /** Comes by the link of a member, and asks to join. */
  async ask(by: Membership): Promise<Membership> {
    const visit = await Newcomer.come(this.setting, fragmentOf(await by.invite(14, "Anna")));
    return Membership.open(this.setting, await visit.join());
  }

  /** And is let in by that member alone. */
  async join(by: Membership, also: readonly number[] = []): Promise<Membership> {
    const mine = await this.ask(by);
    await by.refresh();
    await by.admit(by.circle.applicants.find(({ id }) => id === mine.mine)?.entry ?? "", also);
    await mine.refresh();
    return mine;
  }
}

export const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "taken",
    (error: { readonly code?: string }) => error.code ?? String(error),
  );

export type { Heard };
