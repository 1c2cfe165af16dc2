// Who I am in a circle: the keys that follow from my master keys, the present one first. Which of them the log knows as mine shows
// by their public halves, however it counts their generations (an objection brings old keys back as a further generation).
import type { Bytes } from "../crypto/bytes.ts";
import { type Keys, MemberKeys } from "../crypto/keyring.ts";

export class Identity {
  readonly member: string;
  readonly #masters: readonly Bytes[];
  readonly #made = new Map<string, Promise<MemberKeys>>();

  /** `masters`: the present one, then those before it. */
  constructor(member: string, masters: readonly Bytes[]) {
    this.member = member;
    this.#masters = masters;
  }

  /** Those of a generation, from the present master key. */
  keys(gen: number): Promise<MemberKeys> {
    return this.#of(0, gen);
  }

  /** My keys with these public halves, of a generation up to `gen`; `null` where they are none of mine. */
  async find(keys: Keys, gen: number): Promise<MemberKeys | null> {
    for (let master = 0; master < this.#masters.length; master++) {
      const mine = await this.#among(master, keys, gen);
      if (mine !== null) return mine;
    }
    return null;
  }

  /** Whether these follow from the present master key. */
  async isPresent(keys: Keys, gen: number): Promise<boolean> {
    return (await this.#among(0, keys, gen)) !== null;
  }

  async #among(master: number, { sign, box }: Keys, gen: number): Promise<MemberKeys | null> {
    for (let one = gen; one > 0; one--) {
      const mine = await this.#of(master, one);
      if (mine.keys.sign === sign && mine.keys.box === box) return mine;
    }
    return null;
  }

  #of(master: number, gen: number): Promise<MemberKeys> {
    const name = `${master} ${gen}`;
    const made = this.#made.get(name) ?? MemberKeys.of(this.#masters[master] ?? new Uint8Array(), this.member, gen);
    this.#made.set(name, made);
    return made;
  }
}
