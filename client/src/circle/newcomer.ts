// Whoever was invited: they have the link, are signed in and have a keyring. What the circle says of itself is shown before they
// ask to join, so that the rules are accepted by somebody who could read them.
//
//   visit = await Newcomer.come(setting, location.hash)      visit.about: name, purpose, rhythm, rules, who invited
//   row = await visit.join()                                 then Membership.open(setting, row); standing "asked", later "member"

import { utf8 } from "../crypto/bytes.ts";
import { newId } from "../crypto/ids.ts";
import { Broken, headOf, joining, next, Seed, toBase64 } from "../crypto/keyring.ts";
import type { CircleRow } from "../transport/circles.ts";
import { StoredValue } from "../transport/storage.ts";
import { Identity } from "./identity.ts";
import { INVITATION, openItem } from "./items.ts";
import { type Link, readLink } from "./link.ts";
import { holdPins, type Pin, Reading, readOn } from "./reading.ts";
import { type About, aboutIn } from "./rules.ts";
import { type Setting, stepOf } from "./session.ts";
import { CircleTrouble } from "./trouble.ts";

export class Newcomer {
  readonly about: About & { readonly by: string };
  readonly #setting: Setting;
  readonly #link: Link;
  readonly #seed: Seed;
  readonly #reading: Reading;
  readonly #invite: string;

  private constructor(parts: {
    readonly about: About & { readonly by: string };
    readonly setting: Setting;
    readonly link: Link;
    readonly seed: Seed;
    readonly reading: Reading;
    readonly invite: string;
  }) {
    this.about = parts.about;
    this.#setting = parts.setting;
    this.#link = parts.link;
    this.#seed = parts.seed;
    this.#reading = parts.reading;
    this.#invite = parts.invite;
  }

  /**
   * With the link. `link-broken`; `entry-missing`: the server shows an older log than the inviter knew, or another one;
   * `no-invitation`: it was used or taken back; `rules-other`.
   */
  static async come(setting: Setting, fragment: string): Promise<Newcomer> {
    const link = readLink(fragment);
    const seed = await Seed.of(link.seed);
    const at = setting.now();
    const said = utf8(`kring/2 visit\n${link.circle}\n${setting.account}\n${at}`);
    await setting.api.visit(link.circle, { seed: seed.shown, at, signature: toBase64(await seed.sign(said)) });
    const reading = new Reading(new Identity(newId("m"), setting.masters));
    await readOn(reading, setting.api, link.circle, at);
    const { circle } = reading;
    if (circle.id !== link.circle) throw new Broken("other-circle");
    if (!circle.hashes.includes(link.head)) throw new Broken("entry-missing");
    const kept = new StoredValue<Pin>(setting.store, `kring:circle:${link.circle}`).read();
    if (kept) holdPins(circle, [kept]);
    const invite = circle.invitations.find((one) => one.seed === seed.shown)?.entry;
    if (invite === undefined) throw new Broken("no-invitation");
    const about = await Newcomer.#said(setting, link.circle, invite, seed, circle.rules);
    return new Newcomer({ about, setting, link, seed, reading, invite });
  }

  static async #said(setting: Setting, circle: string, invite: string, seed: Seed, rules: string) {
    const rows = await setting.api.items(circle, INVITATION);
    const row = rows.find(({ kind, id, epoch }) => kind === INVITATION && id === invite && epoch === 0);
    if (row === undefined) throw new CircleTrouble("rules-other");
    return aboutIn(await openItem(circle, row, new Map([[0, await seed.key()]])), rules);
  }

  /** Accepts the rules and asks to join, as an id that nobody has had. */
  async join(): Promise<Pick<CircleRow, "circle" | "member">> {
    const { api, store } = this.#setting;
    const { circle, identity } = this.#reading;
    const keys = await identity.keys(1);
    const what = await joining(this.#invite, keys.keys, circle.rules, this.#seed);
    const one = await next(circle, { id: identity.member, gen: 1, keys }, what, this.#setting.now());
    await api.append(this.#link.circle, stepOf(one));
    const pin = { n: one.circle.hashes.length - 1, hash: headOf(one.circle) };
    new StoredValue<Pin>(store, `kring:circle:${this.#link.circle}`).write(pin);
    return { circle: this.#link.circle, member: identity.member };
  }
}
