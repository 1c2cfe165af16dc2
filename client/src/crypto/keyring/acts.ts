// What each kind of entry does to a circle, and who may do it, as `kring.circle.acts` says it: one function for each, which
// gives the circle after it. The log has held the entry against the log already, and its signature against the signer's keys.
import {
  type Act,
  boxed,
  consented,
  memberIn,
  need,
  needFresh,
  needOnlyNew,
  rulesSubject,
  withMember,
  withNewKeys,
  without,
} from "./act.ts";
import { type ConsentKind, needed, neededToRemove } from "./consents.ts";
import { type Consent, type FollowingKind, joinProof, type Of, verify } from "./entries.ts";
import { fromBase64 } from "./reading.ts";
import {
  type Applicant,
  type Circle,
  DAY,
  epochOf,
  epochsOf,
  hasSay,
  havingSay,
  type Invitation,
  type Member,
  OBJECTION,
} from "./state.ts";

/** Milliseconds between the notice of taking over the care and doing so. */
export const NOTICE = 14 * DAY;
/** Milliseconds after its notice in which a claim to the care is to be completed; then it holds up nobody any more. */
export const CLAIMED = 30 * DAY;
/** Milliseconds for which an invitation is good at most. */
export const INVITED = 30 * DAY;

function invite({ circle, entry, hash }: Act, { seed, until }: Of<"invite">): Circle {
  need(entry.at < until && until <= entry.at + INVITED, "too-late");
  need(
    circle.invitations.every((one) => one.seed !== seed),
    "keys-used",
  );
  return { ...circle, invitations: [...circle.invitations, { entry: hash, seed, until }] };
}

function invitationIn({ invitations }: Circle, name: string): Invitation {
  const found = invitations.find(({ entry }) => entry === name);
  need(found !== undefined, "no-invitation");
  return found;
}

const allBut = <T>(all: readonly T[], one: T): readonly T[] => all.filter((other) => other !== one);

function uninvite({ circle }: Act, { invite: name }: Of<"uninvite">): Circle {
  const asking = circle.applicants.filter(({ entry }) => entry !== name);
  if (asking.length !== circle.applicants.length) return { ...circle, applicants: asking };
  return { ...circle, invitations: allBut(circle.invitations, invitationIn(circle, name)) };
}

/** By the link of an invitation, which is used up by it. */
async function join({ circle, entry, hash }: Act, what: Of<"join">): Promise<Circle> {
  const { keys, rules } = what;
  const invitation = invitationIn(circle, what.invite);
  need(entry.at <= invitation.until, "too-late");
  need(await verify(invitation.seed, fromBase64(what.proof), joinProof(what.invite, keys)), "signature");
  need(rules === circle.rules, "rules");
  needFresh(circle, keys);
  const applicants = [...circle.applicants, { entry: hash, id: entry.by, keys, rules }];
  return { ...circle, invitations: allBut(circle.invitations, invitation), applicants };
}

function applicantIn({ applicants }: Circle, name: string): Applicant {
  const found = applicants.find(({ entry }) => entry === name);
  need(found !== undefined, "no-applicant");
  return found;
}

/** From now on: a new epoch. Also before: no new one, and boxes for epochs up to that under way. */
async function admit(act: Act, { join: name, consents, boxes }: Of<"admit">): Promise<Circle> {
  const { circle, entry } = act;
  const applicant = applicantIn(circle, name);
  const { id, keys, rules } = applicant;
  need(rules === circle.rules, "rules");
  const having = havingSay(circle, entry.at);
  const least = needed(circle.agreed.admit, having.length);
  const asked = {
    kind: "admit",
    subject: name,
    by: entry.by,
    having,
    least,
    key: keys.sign,
    epochs: boxes.also,
  } as const;
  const used = await consented(act, asked, consents);
  need((boxes.key !== "") !== boxes.also.includes(epochOf(circle).number), "boxes");
  const newcomer: Member = { id, keys, rules, gen: 1, trial: null };
  const members = [...circle.members, newcomer];
  return boxed({ ...circle, members, applicants: allBut(circle.applicants, applicant), used }, boxes, newcomer);
}

function rekey({ circle }: Act, { boxes }: Of<"rekey">): Circle {
  needOnlyNew(boxes);
  return boxed(circle, boxes);
}

/** Not while the old keys may object: else whoever was readmitted could leave them behind. */
async function newkeys(act: Act, what: Of<"newkeys">): Promise<Circle> {
  const member = memberIn(act.circle, act.entry.by);
  need(hasSay(member, act.entry.at), "too-early");
  return withMember(act.circle, { ...(await withNewKeys(act, member, what)), trial: null });
}

/** By a fellow with a say. The epochs that this member had, and a new one. */
async function readmit(act: Act, what: Of<"readmit">): Promise<Circle> {
  const { circle, entry, hash } = act;
  const member = memberIn(circle, what.member);
  const fellow = memberIn(circle, entry.by);
  need(fellow.id !== member.id && hasSay(fellow, entry.at) && hasSay(member, entry.at), "not-theirs");
  const had = epochsOf(circle, member.id);
  need(what.boxes.key !== "" && JSON.stringify(what.boxes.also) === JSON.stringify(had), "boxes");
  const trial = { entry: hash, until: entry.at + OBJECTION, old: member.keys, oldGen: member.gen };
  const again = { ...(await withNewKeys(act, member, what)), trial };
  return boxed(withMember(circle, again), what.boxes, again);
}

/** The old keys hold again, as a further generation, so that the circle is rekeyed. */
function object({ circle, entry }: Act, what: Of<"object">): Circle {
  const member = memberIn(circle, entry.by);
  const { trial } = member;
  need(trial !== null && trial.entry === what.readmit, "not-theirs");
  need(entry.at < trial.until, "too-late");
  return withMember(circle, { ...member, keys: trial.old, gen: member.gen + 1, trial: null });
}

/** Others open a new epoch; with the last member the circle ends. Not by keys to which the old ones may object. */
function leave({ circle, entry }: Act): Circle {
  need(hasSay(memberIn(circle, entry.by), entry.at), "too-early");
  return without(circle, entry.by);
}

async function remove(act: Act, { member: who, consents, boxes }: Of<"remove">): Promise<Circle> {
  const { circle, entry } = act;
  const { id, keys } = memberIn(circle, who);
  const having = havingSay(circle, entry.at, id);
  need(having.includes(entry.by), "not-theirs");
  const least = neededToRemove(circle.agreed.remove, having.length);
  const asked = { kind: "remove", subject: id, by: entry.by, having, least, key: keys.sign, epochs: [] } as const;
  const used = await consented(act, asked, consents);
  needOnlyNew(boxes);
  return boxed({ ...without(circle, id), used }, boxes);
}

/** With the consents of every member. */
function byAll(act: Act, kind: ConsentKind, subject: string, given: readonly Consent[]): Promise<ReadonlySet<string>> {
  const { circle, entry } = act;
  const having = havingSay(circle, entry.at);
  const asked = { kind, subject, by: entry.by, having, least: circle.members.length, key: "", epochs: [] };
  return consented(act, asked, given);
}

async function newRules(act: Act, { rules, agreed, consents }: Of<"rules">): Promise<Circle> {
  const used = await byAll(act, "rules", rulesSubject(rules, agreed), consents);
  const members = act.circle.members.map((one) => ({ ...one, rules }));
  return { ...act.circle, rules, agreed, members, used };
}

function rulesAccepted({ circle, entry }: Act, { rules }: Of<"rules-accepted">): Circle {
  need(rules === circle.rules, "rules");
  return withMember(circle, { ...memberIn(circle, entry.by), rules });
}

function handCare({ circle, entry }: Act, { to }: Of<"hand-care">): Circle {
  need(entry.by === circle.carer && hasSay(memberIn(circle, entry.by), entry.at), "not-theirs");
  return { ...circle, carer: memberIn(circle, to).id, claim: null };
}

/**
 * The first time it is a notice; the second time, two weeks later, it is done, unless the carer handed it on meanwhile.
 * What isn't done within a month has lapsed: the next claim, whoever's, is a notice again.
 */
function claimCare({ circle, entry }: Act): Circle {
  const { by, at } = entry;
  need(by !== circle.carer && hasSay(memberIn(circle, by), at), "not-theirs");
  if (circle.claim === null || at > circle.claim[1] + CLAIMED) return { ...circle, claim: [by, at] };
  need(circle.claim[0] === by, "not-theirs");
  need(at >= circle.claim[1] + NOTICE, "too-early");
  return { ...circle, carer: by, claim: null };
}

async function close(act: Act, { consents }: Of<"close">): Promise<Circle> {
  return { ...act.circle, used: await byAll(act, "close", "", consents), closed: true };
}

/** One for each kind of entry but the first. */
const ACTS: { readonly [K in FollowingKind]: (act: Act, what: Of<K>) => Circle | Promise<Circle> } = {
  invite,
  uninvite,
  join,
  admit,
  rekey,
  newkeys,
  readmit,
  object,
  leave,
  remove,
  rules: newRules,
  "rules-accepted": rulesAccepted,
  "hand-care": handCare,
  "claim-care": claimCare,
  close,
};

/** The circle after an entry of this kind. */
export async function done<K extends FollowingKind>(act: Act, what: Of<K>): Promise<Circle> {
  const doing = ACTS[what.kind as K];
  return doing(act, what);
}
