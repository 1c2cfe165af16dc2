// The private notepad and drafts: kept on this device only, sealed at rest.
import type { Keys } from "../../crypto/keys.ts";
import { NEWEST, open, type Place, type Plain, seal } from "../../crypto/seal.ts";
import { type Store, StoredValue } from "../../transport/storage.ts";
import { type Kept, merged, NOTHING } from "./merging.ts";

const PREFIX = "kring:notes:";
const KEEP_DAYS = 30;
const DAY = 86_400_000;

interface AtRest {
  readonly at: number;
  readonly sealed: string;
}

export interface NotesOptions {
  readonly changed?: () => void;
  readonly now?: () => number;
}

export class Notes {
  readonly #stored: StoredValue<AtRest>;
  readonly #place: Place;
  readonly #keys: Keys;
  #pad = $state("");
  #drafts = $state.raw<Readonly<Record<string, Plain>>>({});
  /** What this tab and the store both knew last, and how it was sealed there. */
  #base: Kept = NOTHING;
  #seen: string | null = null;
  /** Drafts that were cleared before the stored ones were read; `null` from then on. */
  #cleared: Set<string> | null = new Set();
  #burned = false;
  #writing: Promise<void> = Promise.resolve();
  #pending = false;
  /** Called when the drafts are others than before. */
  readonly #changed: () => void;
  /** The clock by which others sweep: the server's, where it is known. */
  readonly #now: () => number;
  #swept = false;
  /** Resolves when the stored notes have been loaded. */
  readonly ready: Promise<void>;

  constructor(store: Store, meeting: string, keys: Keys, { changed = () => {}, now = Date.now }: NotesOptions = {}) {
    this.#changed = changed;
    this.#now = now;
    this.#stored = new StoredValue(store, PREFIX + meeting);
    this.#place = { meeting, seat: "device", kind: "notes", id: "notes" };
    this.#keys = keys;
    this.ready = this.#takeIn().then(() => {
      this.#cleared = null;
    });
    this.#writing = this.ready;
  }

  get pad(): string {
    return this.#pad;
  }

  set pad(text: string) {
    this.#pad = text;
    this.#save();
  }

  /** What was typed and is not in the room yet, by the key of its box. */
  get drafts(): Readonly<Record<string, Plain>> {
    return this.#drafts;
  }

  /** The draft with this key; `{}` when there is none. */
  draft(key: string): Plain {
    return this.#drafts[key] ?? {};
  }

  /** Keeps a draft; `null` removes it. */
  setDraft(key: string, fields: Plain | null): void {
    const { [key]: _, ...others } = this.#drafts;
    this.#drafts = fields === null ? others : { ...others, [key]: fields };
    if (fields === null) this.#cleared?.add(key);
    this.#changed();
    this.#save();
  }

  /** Deletes everything, in memory and at rest. */
  burn(): void {
    this.#pad = "";
    this.#drafts = {};
    this.#burned = true;
    this.#stored.write(null);
    this.#save();
  }

  /** Reads again what another tab of this browser may have written. */
  refresh(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#takeIn());
    return this.#writing;
  }

  /**
   * Removes, once, the notes of other meetings whose time is over: content has an end date on this device too. `now` is the server's:
   * this device's clock may be wrong by weeks.
   */
  sweepOthers(store: Store, now: number): void {
    if (this.#swept) return;
    this.#swept = true;
    const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
    for (const key of keys.filter((each) => each.startsWith(PREFIX) && !this.isKeptAs(each))) {
      const kept = new StoredValue<AtRest>(store, key);
      if (now - (kept.read()?.at ?? 0) > KEEP_DAYS * DAY) kept.write(null);
    }
  }

  /** Whether this key of the browser's storage holds these notes; `null` stands for all of them. */
  isKeptAs(key: string | null): boolean {
    return key === null || key === PREFIX + this.#place.meeting;
  }

  /** Takes in what is stored, if that is not what this tab knows, and keeps what was typed here since. */
  async #takeIn(): Promise<void> {
    const sealed = this.#stored.read()?.sealed ?? null;
    if (sealed === this.#seen || this.#burned) return;
    this.#seen = sealed;
    const theirs = sealed === null ? NOTHING : await this.#opened(sealed);
    if (!theirs || this.#burned) return;
    const cleared = Object.entries(theirs.drafts).filter(([key]) => this.#cleared?.has(key));
    const base = { ...this.#base, drafts: { ...Object.fromEntries(cleared), ...this.#base.drafts } };
    const after = merged(base, { pad: this.#pad, drafts: this.#drafts }, theirs);
    this.#base = theirs;
    this.#pad = after.pad;
    this.#drafts = after.drafts;
    this.#changed();
  }

  /** `null`: sealed with another key, or damaged. It can't be shown, and stays until something new is written. */
  async #opened(sealed: string): Promise<Kept | null> {
    try {
      const plain = await open(this.#keys, this.#place, sealed);
      return {
        pad: String(plain.pad ?? ""),
        drafts: JSON.parse(String(plain.drafts ?? "{}")) as Record<string, Plain>,
      };
    } catch {
      return null;
    }
  }

  /** Seals and stores the newest text, one write at a time. */
  #save(): void {
    if (this.#pending) return;
    this.#pending = true;
    this.#writing = this.#writing.then(() => this.#write());
  }

  /** Writes once nobody else has written since this tab read: it would be written over. */
  async #write(): Promise<void> {
    this.#pending = false;
    for (;;) {
      await this.#takeIn();
      const kept: Kept = { pad: this.#pad, drafts: this.#drafts };
      const sealed = await this.#sealed(kept);
      if (this.#burned || sealed === undefined) return;
      if ((this.#stored.read()?.sealed ?? null) !== this.#seen) continue;
      this.#stored.write(sealed === null ? null : { at: this.#now(), sealed });
      // Where the browser keeps nothing, what is there is what was there.
      this.#seen = this.#stored.read()?.sealed ?? null;
      this.#base = kept;
      return;
    }
  }

  /** Sealed for this device alone; `null` for nothing. Without a key nothing is kept: never as plain text. */
  async #sealed({ pad, drafts }: Kept): Promise<string | null | undefined> {
    if (pad === "" && Object.keys(drafts).length === 0) return null;
    try {
      return await seal(this.#keys, this.#place, { pad, drafts: JSON.stringify(drafts) }, NEWEST);
    } catch {
      return undefined;
    }
  }

  /** Resolves when everything typed has been stored. */
  settled(): Promise<void> {
    return this.#writing;
  }
}
