// A member's circle: what they read of it, and all that they may do in it. The same as `kring_client.circle.membership`.
//
//   mine = await Membership.found(setting, {...})  or  await Membership.open(setting, row)    row: one of `api.circles()`
//   mine.now → snapshot for a screen; mine.onchange after each change; await mine.refresh() when the page comes to sight
//   mine.warning: what the server was found out in: show it, nothing goes on
//
// Each act is made against the latest entry that was read, and folded before it is sent: `Broken` says what the others would not
// believe. Where somebody was quicker (`HttpError`, `log-moved`) the log has been read on, and the act is not made again by
// itself, since it may have lost its sense; only a new epoch is (`settle`).

import { utf8 } from "../crypto/bytes.ts";
import { newId } from "../crypto/ids.ts";
import {
  type Agreed,
  type Applicant,
  Broken,
  boxesFor,
  type Circle,
  compare,
  epochsOf,
  fresh,
  fromBase64,
  headOf,
  isSettled,
  type Keys,
  type Matter,
  type Member,
  MemberKeys,
  memberOf,
  next,
  proving,
  rulesSubject,
  Seed,
  toBase64,
  verify,
} from "../crypto/keyring.ts";
import { HttpError } from "../transport/api.ts";
import type { CircleRow } from "../transport/circles.ts";
import { INVITATION, sealItem } from "./items.ts";
import { Keeping } from "./keeping.ts";
import type { Link } from "./link.ts";
import { type About, aboutIn, written } from "./rules.ts";
import { type Setting, stepOf } from "./session.ts";
import { CircleTrouble } from "./trouble.ts";

const DAY = 24 * 60 * 60 * 1000;
const INVITED = 14;
/** How often a new epoch is tried where others are quicker: as many as there are members. */
const TRIES = 9;

export interface Founding {
  readonly about: About;
  /** How the founder is called in it. */
  readonly name: string;
  readonly agreed: Agreed;
  /** The entry to go on from, where there were two histories and the members chose. */
  readonly after?: string;
}

/**
 * What a member says that they have read: number and hash of the latest entry, signed. It stands beside a seat's name, so that
 * two histories show when people meet.
 */
export interface Heard {
  readonly by: string;
  readonly n: number;
  readonly head: string;
  readonly signature: string;
}

/** My place in it. `keys-changed`: the circle knows other keys as mine: a fellow readmits me, or, if it wasn't I, I object. */
export type Standing = "member" | "asked" | "gone" | "keys-changed";

/** For a screen. Everything but names and words. */
export interface Snapshot {
  readonly circle: Circle;
  readonly mine: string;
  readonly standing: Standing;
  /** Whether anything may be sealed; if not, `settle()` may be due. */
  readonly settled: boolean;
  /** My keys are those of a master key before the present one: `newKeys()` is due. */
  readonly keysDue: boolean;
  /** Others were put in the place of my keys, and I can still object. */
  readonly mayObject: boolean;
}

const headText = (circle: string, n: number, head: string) => utf8(`kring/2 head\n${circle}\n${n}\n${head}`);

export class Membership extends Keeping {
  /** A new circle, with its rules, and the founder's name in it. */
  static async found(setting: Setting, { about, name, agreed, after = "" }: Founding): Promise<Membership> {
    const [id, key, now] = [newId("m"), fresh(), setting.now()];
    const keys = await MemberKeys.of(setting.masters[0] ?? fresh(), id, 1);
    const { fields, hash: rules } = await written(about);
    const me = { id, gen: 1, keys: keys.keys };
    const { boxes, sent } = await boxesFor(null, { key, members: [me] });
    const first = await next(
      null,
      { id, gen: 1, keys },
      { kind: "found", keys: keys.keys, rules, agreed, boxes, after },
      now,
      sent,
    );
    const [circle, under] = [first.circle.id, { epoch: 1, key }];
    const items = [
      await sealItem(circle, id, { kind: "about", id: "circle", version: 0 }, under, fields),
      await sealItem(circle, id, { kind: "member", id, version: 0 }, under, { name }),
    ];
    await setting.api.found(stepOf(first, items));
    return Membership.#read(setting, circle, id, [circle]);
  }

  /** One that is there, as the server says that I am in it; whether that is so, the log says. */
  static open(setting: Setting, { circle, member }: Pick<CircleRow, "circle" | "member">): Promise<Membership> {
    return Membership.#read(setting, circle, member, [circle]);
  }

  static async #read(setting: Setting, circle: string, member: string, known: readonly string[]): Promise<Membership> {
    const opened = new Membership(setting, circle, member);
    await opened.refresh(known);
    return opened;
  }

  /** What a screen shows of it. */
  async now(): Promise<Snapshot> {
    const { circle, mine } = this;
    const member = memberOf(circle, mine);
    const identity = this.reading.identity;
    const keys = member && (await identity.find(member.keys, member.gen));
    const old = member?.trial && (await identity.find(member.trial.old, member.trial.oldGen));
    const standing = this.#standing(member, keys !== null);
    const keysDue = keys !== null && member !== null && !(await identity.isPresent(member.keys, member.gen));
    return {
      circle,
      mine,
      standing,
      settled: isSettled(circle),
      keysDue,
      mayObject: old !== null && old !== undefined,
    };
  }

  // --- who comes

  /** An invitation for one person; what it says can be read with its link alone, before anybody accepts. */
  async invite(days = INVITED, name = ""): Promise<Link> {
    const seed = await Seed.of();
    const { fields } = await this.said();
    const entry = await this.append({ kind: "invite", seed: seed.shown, until: this.setting.now() + days * DAY });
    const under = { epoch: 0, key: await seed.key() };
    const named = { kind: INVITATION, id: entry, version: 0 };
    await this.setting.api.putItem(this.id, await sealItem(this.id, this.mine, named, under, { ...fields, by: name }));
    return { circle: this.id, seed: seed.secret, head: headOf(this.circle) };
  }

  /** Takes back an invitation, or turns down who asked: the hash of that entry. */
  async uninvite(entry: string): Promise<void> {
    await this.append({ kind: "uninvite", invite: entry });
  }

  /** Lets in who asked, with the consents that wait. `also`: the epochs to be read too (`readable()`), or none: from now on. */
  async admit(entry: string, also: readonly number[] = []): Promise<void> {
    const { id, keys } = this.#applicant(entry);
    const newcomer = { id, gen: 1, keys };
    const late = { member: newcomer, keys: this.keysOf(also) };
    const made = also.length
      ? { ...(await boxesFor(this.circle, null, late)), items: [] }
      : await this.opening([...this.circle.members, newcomer]);
    const consents = await this.given(this.#admitting(entry, also));
    await this.append({ kind: "admit", join: entry, consents, boxes: made.boxes }, made);
  }

  async consentToAdmit(entry: string, also: readonly number[] = []): Promise<void> {
    await this.agree(this.#admitting(entry, also));
  }

  /** All epochs that I could let a newcomer read, that under way among them. */
  readable(): readonly number[] {
    return [...this.reading.epochKeys.keys()].sort((one, other) => one - other);
  }

  // --- who goes

  /** The others open a new epoch. */
  async leave(): Promise<void> {
    await this.append({ kind: "leave" });
  }

  async consentToRemove(member: string): Promise<void> {
    await this.agree(this.#removing(member));
  }

  /** With the consents that wait; the new epoch is for those who stay. */
  async remove(member: string): Promise<void> {
    const made = await this.opening(this.circle.members.filter(({ id }) => id !== member));
    const consents = await this.given(this.#removing(member));
    await this.append({ kind: "remove", member, consents, boxes: made.boxes }, made);
  }

  /** Opens a new epoch where whoever has the key is not exactly who is here; whether that is so now. */
  async settle(): Promise<boolean> {
    for (let tries = 0; tries < TRIES && !isSettled(this.circle) && !this.circle.closed; tries++) {
      const made = await this.opening(this.circle.members);
      try {
        await this.append({ kind: "rekey", boxes: made.boxes }, made);
      } catch (error) {
        const again = error instanceof HttpError && (error.code === "log-moved" || error.code === "item-moved");
        if (!again) throw error;
      }
    }
    return isSettled(this.circle);
  }

  // --- keys

  /** Keys of the present master key in the place of those before, signed by these; then a new epoch. */
  async newKeys(): Promise<void> {
    const { member } = await this.reading.me();
    const { keys, proof } = await this.returning();
    await this.append({ kind: "newkeys", keys, proof });
    if (memberOf(this.circle, member.id)?.gen !== member.gen + 1) throw new CircleTrouble("keys-changed");
    await this.settle();
  }

  /** My keys of a further generation, and their own proof: what a fellow needs who vouches for me, by the check by voice. */
  async returning(): Promise<{ readonly keys: Keys; readonly proof: string }> {
    const gen = this.#member(this.mine).gen + 1;
    const keys = await this.reading.identity.keys(gen);
    return { keys: keys.keys, proof: await proving(this.id, this.mine, gen, keys) };
  }

  /** Vouches, after the check by voice, for the new keys of a fellow who lost everything. */
  async readmit(member: string, keys: Keys, proof: string): Promise<void> {
    const old = this.#member(member);
    const again = { id: member, gen: old.gen + 1, keys };
    const members = this.circle.members.map((one) => (one.id === member ? again : one));
    const made = await this.opening(members, { member: again, also: epochsOf(this.circle, member) });
    await this.append({ kind: "readmit", member, keys, proof, boxes: made.boxes }, made);
  }

  /** My keys were not lost: I object to those that were put in their place. */
  async object(): Promise<void> {
    const { trial } = this.#member(this.mine);
    const keys = trial && (await this.reading.identity.find(trial.old, trial.oldGen));
    if (!trial || !keys) throw new Broken("not-theirs");
    const by = { id: this.mine, gen: trial.oldGen, keys };
    await this.append({ kind: "object", readmit: trial.entry }, {}, by);
    await this.settle();
  }

  // --- rules, care, end

  async acceptRules(): Promise<void> {
    await this.append({ kind: "rules-accepted", rules: this.circle.rules });
  }

  /** Seals other words and rules for the others to read; the hash by which they consent to them, and by which they are changed. */
  async propose(about: About): Promise<string> {
    const { fields, hash } = await written(about);
    await this.keep("proposal", hash, fields);
    return hash;
  }

  async consentToRules(hash: string, agreed: Agreed): Promise<void> {
    await this.agree({ kind: "rules", subject: rulesSubject(hash, agreed) });
  }

  /** What was proposed, with everybody's consent; its words take the place of those before, in the same step. */
  async changeRules(hash: string, agreed: Agreed): Promise<void> {
    const proposed = (await this.kept("proposal")).find(({ id }) => id === hash);
    if (proposed === undefined) throw new CircleTrouble("rules-other");
    await aboutIn(proposed.fields, hash);
    const consents = await this.given({ kind: "rules", subject: rulesSubject(hash, agreed) });
    const items = [await this.sealed("about", "circle", proposed.fields)];
    await this.append({ kind: "rules", rules: hash, agreed, consents }, { items });
  }

  async handCare(to: string): Promise<void> {
    await this.append({ kind: "hand-care", to });
  }

  /** Gives notice of taking over the care, or, two weeks later, takes it over. */
  async claimCare(): Promise<void> {
    await this.append({ kind: "claim-care" });
  }

  async consentToClose(): Promise<void> {
    await this.agree({ kind: "close", subject: "" });
  }

  async close(): Promise<void> {
    await this.append({ kind: "close", consents: await this.given({ kind: "close", subject: "" }) });
  }

  // --- two histories

  /** What I have read, for the others to hold against what they have. */
  async say(): Promise<Heard> {
    this.sound();
    const { id, keys } = await this.author();
    const [n, head] = [this.reading.length - 1, headOf(this.circle)];
    return { by: id, n, head, signature: toBase64(await keys.sign(headText(this.id, n, head))) };
  }

  /** Holds what another member has read against mine. `head-broken`: they didn't sign it; `forked`: all sealing stops here. */
  async hear({ by, n, head, signature }: Heard): Promise<void> {
    const { keys } = this.#member(by);
    const theirs = await verify(keys.sign, fromBase64(signature), headText(this.id, n, head));
    if (!theirs) throw new CircleTrouble("head-broken");
    if (compare(this.circle, head) === "unknown") await this.refresh();
    if (compare(this.circle, head) === "unknown") this.fork();
  }

  // --- how it is done

  #member(who: string): Member {
    const found = memberOf(this.circle, who);
    if (found === null) throw new Broken("not-a-member");
    return found;
  }

  #applicant(entry: string): Applicant {
    const found = this.circle.applicants.find((one) => one.entry === entry);
    if (found === undefined) throw new Broken("no-applicant");
    return found;
  }

  #admitting(entry: string, epochs: readonly number[]): Matter {
    return { kind: "admit", subject: entry, key: this.#applicant(entry).keys.sign, epochs };
  }

  #removing(member: string): Matter {
    return { kind: "remove", subject: member, key: this.#member(member).keys.sign };
  }

  #standing(member: Member | null, isMine: boolean): Standing {
    if (member !== null) return isMine ? "member" : "keys-changed";
    return this.circle.applicants.some(({ id }) => id === this.mine) ? "asked" : "gone";
  }
}
