// The log of a circle, folded and checked, as `kring.circle.log` says it: it believes no server that says otherwise.
import { type Bytes, hexOf } from "../bytes.ts";
import { Broken, need, signerOf } from "./act.ts";
import { done } from "./acts.ts";
import {
  type Box,
  type Boxes,
  boxesHash,
  type Entry,
  readEntry,
  type Signed,
  toSign,
  VERSION,
  verify,
} from "./entries.ts";
import { isNewer } from "./reading.ts";
import { type Circle, DAY, epochOf, headOf, memberOf, newestOf, type Recipient, recipientsOf } from "./state.ts";

/** By how much a device's clock may be ahead, in milliseconds. */
export const SLACK = DAY;

function entryOf(body: Bytes): Entry {
  try {
    return readEntry(body);
  } catch {
    throw new Broken(isNewer(body, VERSION) ? "too-new" : "unreadable");
  }
}

function needDated({ at }: Entry, since: number, now: number): void {
  need(since <= at && at <= now + SLACK, "time");
}

/** The circle that this entry founds. */
export async function begin({ body, signature }: Signed, now: number): Promise<Circle> {
  const entry = entryOf(body);
  const { what, by, at } = entry;
  const isFirst = entry.n === 0 && entry.prev === "" && entry.circle === "" && entry.gen === 1;
  if (what.kind !== "found" || !isFirst) throw new Broken("not-first");
  const { keys, rules, agreed, boxes } = what;
  needDated(entry, 0, now);
  need(await verify(keys.sign, signature, toSign(body)), "signature");
  need(boxes.key !== "" && boxes.also.length === 0, "boxes");
  const id = await hexOf(body);
  return {
    id,
    hashes: [id],
    at,
    members: [{ id: by, keys, rules, gen: 1, trial: null }],
    epochs: [{ number: 1, key: boxes.key, recipients: [[by, 1]] }],
    rules,
    agreed,
    carer: by,
    invitations: [],
    applicants: [],
    claim: null,
    used: new Set(),
    gone: new Set(),
    closed: false,
  };
}

/** The circle after one more entry. */
export async function follow(circle: Circle, { body, signature }: Signed, now: number): Promise<Circle> {
  const entry = entryOf(body);
  need(entry.circle === circle.id, "other-circle");
  need(entry.n === circle.hashes.length && entry.prev === headOf(circle), "out-of-order");
  need(!circle.closed, "closed");
  needDated(entry, circle.at, now);
  const { what } = entry;
  if (what.kind === "found") throw new Broken("not-first");
  const hash = await hexOf(body);
  const act = { circle, entry, hash };
  need(await verify(signerOf(act).sign, signature, toSign(body)), "signature");
  const after = await done(act, what);
  return { ...after, hashes: [...circle.hashes, hash], at: entry.at };
}

/** The circle that a whole log leads to. `known`: hashes of entries that it must have. */
export async function read(log: readonly Signed[], now: number, known: readonly string[] = []): Promise<Circle> {
  let circle: Circle | null = null;
  for (const signed of log) circle = circle ? await follow(circle, signed, now) : await begin(signed, now);
  if (circle === null) throw new Broken("not-first");
  need(knows(circle, known), "entry-missing");
  return circle;
}

/** Whether all of these entries are in this circle's log: else it was cut short, or it is another branch. */
export const knows = ({ hashes }: Circle, known: readonly string[]): boolean =>
  known.every((hash) => hashes.includes(hash));

export type Standing = "same" | "behind" | "ahead" | "forked" | "unknown";

/**
 * How another member's log stands to mine. `head`: their latest entry; `theirs`: the hashes of all, where known.
 *
 * `behind`: they lack entries that I have. `ahead`: they have all of mine, and more. `forked`: neither, so that somebody
 * shows two histories. `unknown`: I haven't their latest entry, and have to see their log to know which it is.
 */
export function compare(mine: Circle, head: string, theirs: readonly string[] = []): Standing {
  if (head === headOf(mine)) return "same";
  if (mine.hashes.includes(head)) return "behind";
  if (!theirs.includes(head)) return "unknown";
  return theirs.includes(headOf(mine)) ? "ahead" : "forked";
}

/**
 * Whether these are the boxes that came with an entry, after which the circle is `circle`: those that were signed, for
 * exactly the members where an epoch is opened, and of the earlier epochs for exactly whoever was let in.
 */
export async function checkBoxes(circle: Circle, entry: Entry, sent: readonly Box[]): Promise<void> {
  const signed: Boxes | null = "boxes" in entry.what ? entry.what.boxes : null;
  need(signed !== null && (await boxesHash(sent)) === signed.hash, "boxes");
  const places = sent.map(({ epoch, member, gen }) => placeOf(epoch, [member, gen]));
  const members = signed.key === "" ? [] : recipientsOf(circle).map((one) => placeOf(epochOf(circle).number, one));
  const late = letIn(circle, entry);
  const earlier = late ? signed.also.map((epoch) => placeOf(epoch, late)) : [];
  const wanted = new Set([...members, ...earlier]);
  const exactly = places.length === wanted.size && places.every((place) => wanted.has(place));
  need(exactly && new Set(places).size === places.length, "boxes");
}

const placeOf = (epoch: number, [member, gen]: Recipient): string => JSON.stringify([epoch, member, gen]);

/** Whom an entry let in, or let in again. */
function letIn(circle: Circle, { what }: Entry): Recipient | null {
  if (what.kind !== "admit" && what.kind !== "readmit") return null;
  const late = what.kind === "admit" ? newestOf(circle) : memberOf(circle, what.member);
  return late && [late.id, late.gen];
}
