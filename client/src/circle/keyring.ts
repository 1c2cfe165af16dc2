// The keyring of an account: one master key, and the locks that hold it. Nothing of it is stored but under a lock.
//
//   kept = await keptKeyring(api)                    which locks there are; generation 0: none yet
//   making = await NewKeyring.begin(api)             show making.code; await making.confirm(typed) → Keyring, or null for a slip
//   keyring = await Keyring.unlock(api, kept, "passphrase", typed)
//   await keyring.addPassphrase(words); addPasskey(); addDevice(store); renewCode(); remove(lock); renewMaster(words)
//
// The recovery code comes first, and is typed back before anything is kept. Each new lock is opened once from what the server then
// has, before it counts. A device never holds the only lock beside none that a person can carry.
import type { Bytes } from "../crypto/bytes.ts";
import { joined, utf8 } from "../crypto/bytes.ts";
import { newId } from "../crypto/ids.ts";
import {
  type Evaluate,
  fresh,
  fromBase64,
  type Lock,
  LockBroken,
  type LockKind,
  lock,
  newCode,
  openFormer,
  ownerOf,
  readCode,
  sealFormer,
  spelled,
  steadySecret,
  toBase64,
  unlock,
  type Whose,
} from "../crypto/keyring.ts";
import type { Circles, KeyringRow, LockRow } from "../transport/circles.ts";
import type { Store } from "../transport/storage.ts";

/** `no-lock`: there is none of this kind. `no-code`: no recovery code, a digit must be wrong. `last-lock`: the only one that a person carries. */
export class KeyringTrouble extends Error {
  override readonly name = "KeyringTrouble";
  readonly code: "no-lock" | "no-code" | "last-lock" | "not-kept";

  constructor(code: KeyringTrouble["code"]) {
    super(`the keyring: ${code}`);
    this.code = code;
  }
}

export interface LockSeen {
  readonly lock: string;
  readonly kind: LockKind;
  readonly createdAt: string;
}

const kindOf = ({ kind }: LockRow): LockKind => kind as LockKind;
const lockOf = ({ head, sealed }: LockRow): Lock => ({ head: fromBase64(head), sealed: fromBase64(sealed) });
const rowOf = (id: string, kind: LockKind, { head, sealed }: Lock): LockRow => ({
  lock: id,
  kind,
  head: toBase64(head),
  sealed: toBase64(sealed),
});
const whoseOf = ({ account, generation }: KeyringRow): Whose => ({ account, gen: generation });
const deviceKey = (account: string): string => `kring:device:${account}`;

/** What the server keeps of my keyring. */
export const keptKeyring = (api: Circles): Promise<KeyringRow> => api.keyring();

/** A keyring in the making: nothing is kept before its code was typed back. */
export class NewKeyring {
  /** The recovery code, to be written down. */
  readonly code: string;
  readonly #secret = newCode();
  readonly #master = fresh();
  readonly #api: Circles;
  readonly #kept: KeyringRow;

  private constructor(api: Circles, kept: KeyringRow) {
    this.#api = api;
    this.#kept = kept;
    this.code = spelled(this.#secret);
  }

  /** The first, or, where there is one whose locks are all lost, another. */
  static async begin(api: Circles): Promise<NewKeyring> {
    return new NewKeyring(api, await api.keyring());
  }

  /** Keeps it, if that is the code; `null` otherwise. */
  async confirm(typed: string): Promise<Keyring | null> {
    const code = readCode(typed);
    if (code === null || spelled(code) !== this.code) return null;
    const whose = { account: this.#kept.account, gen: this.#kept.generation + 1 };
    const { shown: owner } = await ownerOf(this.#master, whose);
    const row = rowOf(newId("l"), "recovery", await lock(this.#master, code, "recovery", whose));
    if (whose.gen === 1) await this.#api.putLock({ ...row, generation: 1, owner });
    else {
      const generation = this.#kept.generation;
      await this.#api.renewKeyring({ generation, locks: [row], former: "", owner, signature: "" });
    }
    return Keyring.unlock(this.#api, "recovery", code);
  }
}

export class Keyring {
  readonly account: string;
  readonly #api: Circles;
  #generation: number;
  #master: Bytes;
  #former: readonly Bytes[];
  #locks: readonly LockSeen[] = [];

  private constructor(api: Circles, kept: KeyringRow, master: Bytes, former: readonly Bytes[]) {
    this.#api = api;
    this.account = kept.account;
    this.#generation = kept.generation;
    this.#master = master;
    this.#former = former;
    this.#see(kept);
  }

  /**
   * Opens it. `secret`: what was typed (a passphrase, a recovery code), or bytes (`passkeySecret()`, a code, a device's). Every
   * lock of the kind is tried: a person may have several passkeys. `LockBroken`: `wrong`, `cheap` (a server would have the
   * passphrase hashed for less than it may cost), `other`, `unreadable`.
   */
  static async unlock(api: Circles, kind: LockKind, secret: string | Bytes): Promise<Keyring> {
    const kept = await api.keyring();
    const given = kind === "recovery" && typeof secret === "string" ? readCode(secret) : secret;
    if (given === null) throw new KeyringTrouble("no-code");
    const locks = kept.locks.filter((row) => row.kind === kind);
    let error: unknown = new KeyringTrouble("no-lock");
    for (const row of locks) {
      try {
        const master = await unlock(lockOf(row), given, whoseOf(kept));
        const former = kept.former === "" ? [] : await openFormer(fromBase64(kept.former), master, whoseOf(kept));
        return new Keyring(api, kept, master, former);
      } catch (broken) {
        error = broken;
        // Costs were lowered: nothing else is tried, and it must be said.
        if (broken instanceof LockBroken && broken.code === "cheap") break;
      }
    }
    throw error;
  }

  /** With what this device keeps; `null` where it keeps nothing that opens. */
  static async unlockByDevice(api: Circles, account: string, store: Store): Promise<Keyring | null> {
    const secret = store.getItem(deviceKey(account));
    if (secret === null) return null;
    return Keyring.unlock(api, "device", fromBase64(secret)).catch((error: unknown) => {
      if (error instanceof LockBroken || error instanceof KeyringTrouble) return null;
      throw error;
    });
  }

  get locks(): readonly LockSeen[] {
    return this.#locks;
  }

  get generation(): number {
    return this.#generation;
  }

  /** The present master key, then those before it: what `Identity` makes keys of. */
  get masters(): readonly Bytes[] {
    return [this.#master, ...this.#former];
  }

  /** Also changes it: the passphrase of before opens no more. */
  async addPassphrase(words: string): Promise<void> {
    await this.#put("passphrase", words, this.#idOf("passphrase"));
  }

  /** Asks for the passkey twice; `PasskeyUnfit` where it isn't steady, and then nothing is kept. */
  async addPasskey(evaluate?: Evaluate): Promise<void> {
    await this.#put("passkey", await steadySecret(evaluate), null);
  }

  /** A convenience: this device opens it by itself, until it is forgotten. */
  async addDevice(store: Store): Promise<void> {
    const secret = fresh();
    store.setItem(deviceKey(this.account), toBase64(secret));
    await this.#put("device", secret, null);
  }

  /** Another recovery code; the old one holds until the new one was typed back. */
  renewCode(): { readonly code: string; confirm(typed: string): Promise<boolean> } {
    const secret = newCode();
    const code = spelled(secret);
    const confirm = async (typed: string): Promise<boolean> => {
      const read = readCode(typed);
      if (read === null || spelled(read) !== code) return false;
      await this.#put("recovery", secret, this.#idOf("recovery"));
      return true;
    };
    return { code, confirm };
  }

  /** Deletes a lock. `last-lock`: no passphrase and no recovery code would remain. */
  async remove(id: string): Promise<void> {
    const rest = this.#locks.filter((one) => one.lock !== id);
    if (!rest.some(({ kind }) => kind === "recovery" || kind === "passphrase")) throw new KeyringTrouble("last-lock");
    const at = Date.now();
    const said = utf8(`kring/2 unlock\n${this.account}\n${this.#generation}\n${id}\n${at}`);
    const owner = await ownerOf(this.#master, this.#whose());
    await this.#api.deleteLock(id, { at, signature: toBase64(await owner.sign(said)) });
    this.#see(await this.#api.keyring());
  }

  /**
   * Something was lost or stolen: another master key, under these secrets alone. Then each circle's `newKeys()`. The code was typed
   * back before (`newCode`, `spelled`).
   */
  async renewMaster(secrets: readonly (readonly [LockKind, Bytes | string])[]): Promise<void> {
    const [master, whose] = [fresh(), { account: this.account, gen: this.#generation + 1 }];
    const locks: LockRow[] = [];
    for (const [kind, secret] of secrets) locks.push(rowOf(newId("l"), kind, await lock(master, secret, kind, whose)));
    const { shown: owner } = await ownerOf(master, whose);
    const said = utf8(`kring/2 renew\n${this.account}\n${this.#generation}\n${owner}`);
    const signature = toBase64(await (await ownerOf(this.#master, this.#whose())).sign(said));
    const former = toBase64(await sealFormer(this.masters, master, whose));
    await this.#api.renewKeyring({ generation: this.#generation, locks, former, owner, signature });
    this.#former = this.masters;
    this.#master = master;
    this.#generation = whose.gen;
    this.#see(await this.#api.keyring());
  }

  /** On signing out: memory is let go of, and with it what this device keeps. */
  forget(store: Store): void {
    this.#master = joined();
    this.#former = [];
    store.removeItem(deviceKey(this.account));
  }

  #whose(): Whose {
    return { account: this.account, gen: this.#generation };
  }

  #idOf(kind: LockKind): string | null {
    return this.#locks.find((one) => one.kind === kind)?.lock ?? null;
  }

  #see({ locks }: KeyringRow): void {
    this.#locks = locks.map((row) => ({ lock: row.lock, kind: kindOf(row), createdAt: row.created_at }));
  }

  /** Keeps a lock, in the place of another, and opens it as the server then has it. */
  async #put(kind: LockKind, secret: Bytes | string, instead: string | null): Promise<void> {
    const row = rowOf(instead ?? newId("l"), kind, await lock(this.#master, secret, kind, this.#whose()));
    const { shown: owner } = await ownerOf(this.#master, this.#whose());
    await this.#api.putLock({ ...row, generation: this.#generation, owner });
    const kept = await this.#api.keyring();
    const found = kept.locks.find((one) => one.lock === row.lock);
    const opens = found && (await unlock(lockOf(found), secret, whoseOf(kept)).catch(() => null));
    if (!opens || toBase64(opens) !== toBase64(this.#master)) throw new KeyringTrouble("not-kept");
    this.#see(kept);
  }
}
