// The check by voice: two people on the telephone make sure that their devices talk to each other, with nobody in between.
// `kring_client/voice.py` says how it goes and what stands in each byte; tests/fixtures/voice.json holds the vectors of both.
// Loaded when somebody needs it: HPKE comes along.
import { type Bytes, joined, sha256 } from "./bytes.ts";
import { decode, encode } from "./encoding.ts";
import { suite } from "./hpke.ts";
import { BYTES, boundTo, boxInfo, digits, fresh, hashOf, type Purpose, same } from "./voice-transcript.ts";

export type Typed = "right" | "wrong" | "incomplete";
/** `what` it is, and its parts as base64url, or, of ids, as they are. */
export type Message = { readonly what: string } & { readonly [part: string]: string };

const TRIES = 3;
/** An encapsulated key, a key and its tag. */
const BOX = 2 * BYTES + 16;
const PARTS: Readonly<Record<string, readonly string[]>> = {
  commit: ["newcomer", "commitment"],
  answer: ["place", "fellow", "nonce", "bound"],
  reveal: ["nonce", "keys"],
  typed: ["receipt"],
  box: ["box"],
  end: [],
};
const PART = /^[A-Za-z0-9_-]{1,200}$/;
const NINE_FROM = new Set(["reading", "typed"]);

/** The check is over, and nothing came of it. */
export class CheckEnded extends Error {
  override readonly name = "CheckEnded";
  readonly code: string;

  constructor(code: string) {
    super(`the check by voice ended: ${code}`);
    this.code = code;
  }
}

/** What both sides have: one thing is done at a time, in the order in which it came; and after the end nothing. */
abstract class Side<State extends string> {
  /** Why the check ended; empty while it goes on. */
  why = "";
  protected now: State | "ended";
  /** What is to be read aloud, and what is to be typed. */
  protected nine = "";
  protected six = "";
  protected readonly purpose: Purpose;
  #came = new Set<string>();
  #tries = TRIES;
  #last: Promise<unknown> = Promise.resolve();

  constructor(purpose: Purpose, state: State) {
    this.purpose = purpose;
    this.now = state;
  }

  get state(): State | "ended" {
    return this.now;
  }

  /** Lets go of what must not be used again. */
  protected abstract forget(): void;

  /** Ends the check for good. */
  protected end(code: string): never {
    this.alive();
    this.now = "ended";
    this.why = code;
    this.nine = "";
    this.six = "";
    this.forget();
    throw new CheckEnded(code);
  }

  protected alive(): void {
    if (this.now === "ended") throw new CheckEnded(this.why);
  }

  protected inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(async () => {
      this.alive();
      return act();
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** The parts of a message that must be of this kind, the first of it, and whole. */
  protected read(message: unknown, expected: string): Readonly<Record<string, string>> {
    const found = message as Readonly<Record<string, string>>;
    if (typeof message !== "object" || message === null || !isWhole(found)) this.end("bad-shape");
    const what = found.what ?? "";
    if (what === "end") this.end("ended");
    const repeated = this.#came.has(what);
    this.#came.add(what);
    if (what !== expected) this.end(repeated ? "repeated" : "out-of-order");
    return found;
  }

  protected bytes(text = "", least = BYTES, most = least): Bytes {
    let found: Bytes;
    try {
      found = decode(text);
    } catch {
      this.end("bad-shape");
    }
    if (found.length < least || found.length > most) this.end("bad-shape");
    return found;
  }

  /** What was typed, spaces and dashes apart. The third wrong one ends the check. */
  protected compare(text: string, right: string): Typed {
    const plain = text.replace(/[\s-]/g, "");
    if (!/^[0-9]*$/.test(plain) || plain.length !== right.length) return "incomplete";
    if (plain === right) return "right";
    this.#tries -= 1;
    if (this.#tries === 0) this.end("wrong-digits");
    return "wrong";
  }
}

function isWhole(message: Readonly<Record<string, unknown>>): boolean {
  const { what } = message;
  const names = typeof what === "string" && Object.hasOwn(PARTS, what) ? PARTS[what] : undefined;
  if (names === undefined || Object.keys(message).length !== names.length + 1) return false;
  return names.every((name) => typeof message[name] === "string" && PART.test(message[name]));
}

/** What serves once. Given for test vectors only. */
export interface NewcomerSecrets {
  readonly nonce: Bytes;
  readonly receipt: Bytes;
  readonly pair: CryptoKeyPair;
}

export interface NewcomerSetup {
  readonly purpose: Purpose;
  /** An id of the newcomer's own. */
  readonly newcomer: string;
  /** Where, if that is known beforehand, as a circle is; by a join code it is not. */
  readonly place?: string;
  /** For a circle: what else the fellow is to know as this newcomer's. */
  readonly shown?: Bytes;
}

/** Whether this browser can do it. */
export async function canCheck(): Promise<boolean> {
  return suite()
    .kem.generateKeyPair()
    .then(
      () => true,
      () => false,
    );
}

/** Who wants in: `new`, `committed`, `reading` (the nine aloud, and typing the six), `typed`, `open`; or `ended`. */
export class Newcomer extends Side<"new" | "committed" | "reading" | "typed" | "open"> {
  readonly #id: string;
  readonly #shown: Bytes;
  #place: string;
  #secrets: NewcomerSecrets | null;
  #keys: Bytes = new Uint8Array();
  #bound: Bytes = new Uint8Array();
  #hash: Bytes = new Uint8Array();

  private constructor(
    { purpose, newcomer, place = "", shown = new Uint8Array() }: NewcomerSetup,
    secrets: NewcomerSecrets,
  ) {
    super(purpose, "new");
    this.#id = newcomer;
    this.#place = place;
    this.#shown = shown;
    this.#secrets = secrets;
  }

  static async of(setup: NewcomerSetup, secrets?: NewcomerSecrets): Promise<Newcomer> {
    const pair = secrets?.pair ?? (await suite().kem.generateKeyPair());
    return new Newcomer(setup, secrets ?? { nonce: fresh(), receipt: fresh(), pair });
  }

  /** Where the fellow is, once they answered. */
  get place(): string {
    return this.#place;
  }

  /** What to read aloud, from `reading` on; empty otherwise. */
  get readAloud(): string {
    return NINE_FROM.has(this.now) ? this.nine : "";
  }

  /** The first message; once. */
  begin(): Promise<Message> {
    return this.inTurn(async () => {
      if (this.now !== "new") this.end("repeated");
      this.now = "committed";
      const { nonce, receipt, pair } = this.#known();
      const shown = new Uint8Array(await suite().kem.serializePublicKey(pair.publicKey));
      this.#keys = joined(shown, await sha256(receipt), this.#shown);
      return { what: "commit", newcomer: this.#id, commitment: encode(await sha256(joined(nonce, this.#keys))) };
    });
  }

  /** What the fellow sent: their answer gives the message to send back, the box the meeting's key. */
  receive(message: unknown): Promise<Message | Bytes> {
    return this.inTurn(async () => {
      if (this.now === "typed") return this.#open(this.read(message, "box"));
      return this.#answered(this.read(message, this.now === "committed" ? "answer" : ""));
    });
  }

  /** The six digits that the fellow read out; the right ones give the message to send. */
  type(text: string): Promise<readonly [Typed, Message | null]> {
    return this.inTurn(async () => {
      if (this.now !== "reading") this.end("out-of-order");
      const said = this.compare(text, this.six);
      if (said !== "right") return [said, null];
      this.now = "typed";
      return [said, { what: "typed", receipt: encode(this.#known().receipt) }];
    });
  }

  #known(): NewcomerSecrets {
    return this.#secrets ?? this.end("out-of-order");
  }

  async #answered({ place = "", fellow = "", ...parts }: Readonly<Record<string, string>>): Promise<Message> {
    if (this.#place !== "" && this.#place !== place) this.end("other-place");
    const bound = this.bytes(parts.bound);
    const answerNonce = this.bytes(parts.nonce);
    const { nonce } = this.#known();
    this.#place = place;
    this.#bound = bound;
    const seen = {
      purpose: this.purpose,
      place,
      newcomer: this.#id,
      fellow,
      bound,
      nonce,
      keys: this.#keys,
      answerNonce,
    };
    this.#hash = await hashOf(seen);
    this.nine = await digits(this.#hash, 9);
    this.six = await digits(this.#hash, 6);
    this.now = "reading";
    return { what: "reveal", nonce: encode(nonce), keys: encode(this.#keys) };
  }

  async #open({ box: text }: Readonly<Record<string, string>>): Promise<Bytes> {
    const box = this.bytes(text, BOX);
    const recipientKey = this.#known().pair.privateKey;
    const sealed = { recipientKey, enc: box.slice(0, BYTES), info: boxInfo(this.#hash) };
    const key = await suite()
      .open(sealed, box.slice(BYTES))
      .then((found) => new Uint8Array(found))
      .catch(() => this.end("box-broken"));
    if (!same(await boundTo(this.#place, key), this.#bound)) this.end("other-key");
    this.now = "open";
    this.forget();
    return key;
  }

  protected override forget(): void {
    this.#secrets = null;
    this.#hash = new Uint8Array();
  }
}

export interface FellowSetup {
  readonly place: string;
  readonly fellow: string;
  /** A meeting's key, or the head of a circle's log. */
  readonly bound: { readonly key: Bytes } | { readonly head: Bytes };
}

/** Who is inside: `waiting`, `answered`, `typing` (the nine), `reading` (the six, aloud), `confirmed`; or `ended`. */
export class Fellow extends Side<"waiting" | "answered" | "typing" | "reading" | "confirmed"> {
  readonly #place: string;
  readonly #id: string;
  readonly #head: Bytes | null;
  #key: Bytes | null;
  #nonce: Bytes;
  #bound: Bytes = new Uint8Array();
  #newcomer = "";
  #commitment: Bytes = new Uint8Array();
  #keys: Bytes = new Uint8Array();
  #hash: Bytes = new Uint8Array();

  /** `nonce`: given for test vectors only. */
  constructor({ place, fellow, bound }: FellowSetup, nonce: Bytes = fresh()) {
    super("key" in bound ? "meeting" : "circle", "waiting");
    this.#place = place;
    this.#id = fellow;
    this.#key = "key" in bound ? bound.key : null;
    this.#head = "head" in bound ? bound.head : null;
    this.#nonce = nonce;
  }

  /** What to read aloud, once the nine were typed; empty otherwise. */
  get readAloud(): string {
    return this.now === "reading" ? this.six : "";
  }

  /** The keys that are surely the newcomer's, once all is confirmed; empty otherwise. */
  get newcomerKeys(): Bytes {
    return this.now === "confirmed" ? this.#keys : new Uint8Array();
  }

  /** What the newcomer sent; the message to send back, where there is one. */
  receive(message: unknown): Promise<Message | null> {
    return this.inTurn(async () => {
      if (this.now === "waiting") return this.#answer(this.read(message, "commit"));
      if (this.now === "answered") return this.#revealed(this.read(message, "reveal"));
      return this.#confirm(this.read(message, this.now === "reading" ? "typed" : ""));
    });
  }

  /** The nine digits that the newcomer read out; after the right ones `readAloud` is there to be read back. */
  type(text: string): Promise<Typed> {
    return this.inTurn(async () => {
      if (this.now !== "typing") this.end("out-of-order");
      const said = this.compare(text, this.nine);
      if (said === "right") this.now = "reading";
      return said;
    });
  }

  async #answer({ newcomer = "", commitment }: Readonly<Record<string, string>>): Promise<Message> {
    this.#newcomer = newcomer;
    this.#commitment = this.bytes(commitment);
    this.#bound = this.#key ? await boundTo(this.#place, this.#key) : (this.#head ?? new Uint8Array());
    this.now = "answered";
    const parts = { nonce: encode(this.#nonce), bound: encode(this.#bound) };
    return { what: "answer", place: this.#place, fellow: this.#id, ...parts };
  }

  async #revealed(parts: Readonly<Record<string, string>>): Promise<null> {
    const nonce = this.bytes(parts.nonce);
    const keys = this.bytes(parts.keys, 2 * BYTES, 4 * BYTES);
    if (!same(await sha256(joined(nonce, keys)), this.#commitment)) this.end("wrong-reveal");
    this.#keys = keys;
    const parties = { purpose: this.purpose, place: this.#place, newcomer: this.#newcomer, fellow: this.#id };
    this.#hash = await hashOf({ ...parties, bound: this.#bound, nonce, keys, answerNonce: this.#nonce });
    this.nine = await digits(this.#hash, 9);
    this.six = await digits(this.#hash, 6);
    this.now = "typing";
    return null;
  }

  async #confirm({ receipt }: Readonly<Record<string, string>>): Promise<Message | null> {
    const shown = await sha256(this.bytes(receipt));
    if (!same(shown, this.#keys.subarray(BYTES, 2 * BYTES))) this.end("wrong-receipt");
    const box = this.#key && (await this.#sealed(this.#key));
    this.now = "confirmed";
    this.#key = null;
    return box;
  }

  async #sealed(key: Bytes): Promise<Message> {
    const hpke = suite();
    try {
      const recipientPublicKey = await hpke.kem.deserializePublicKey(this.#keys.slice(0, BYTES));
      const { enc, ct } = await hpke.seal({ recipientPublicKey, info: boxInfo(this.#hash) }, key);
      return { what: "box", box: encode(joined(new Uint8Array(enc), new Uint8Array(ct))) };
    } catch {
      // A point of low order: everybody would know what it is sealed with.
      return this.end("bad-key");
    }
  }

  protected override forget(): void {
    this.#key = null;
    this.#hash = new Uint8Array();
    this.#nonce = new Uint8Array();
    this.#keys = new Uint8Array();
  }
}
