// What a circle keeps, read and sealed by a member of it: what it says of itself, how its members are called, and whatever else.
import type { Plain } from "../crypto/seal.ts";
import type { ItemPut } from "../transport/circles.ts";
import { FOR_ALL, openItem, present, sealItem, wrapAnew } from "./items.ts";
import { type About, aboutIn } from "./rules.ts";
import { Session } from "./session.ts";
import { CircleTrouble } from "./trouble.ts";

/** A kept thing, opened. `by`: the member who sealed it. */
export interface KeptThing {
  readonly id: string;
  readonly by: string;
  readonly fields: Plain;
}

export class Keeping extends Session {
  /** Name, purpose, rhythm and rules. `rules-other`: the server shows other rules than were agreed. */
  async about(): Promise<About> {
    return (await this.said()).about;
  }

  /** How members are called, by id; who hasn't said it yet, or whom I can't read, is left out. */
  async names(): Promise<ReadonlyMap<string, string>> {
    const kept = await this.kept("member");
    return new Map(kept.filter(({ id, by }) => id === by).map(({ id, fields }) => [id, String(fields.name ?? "")]));
  }

  async setName(name: string): Promise<void> {
    await this.keep("member", this.mine, { name });
  }

  /** Seals a thing and has it kept, in the place of the one with its kind and id. `unsettled`: nothing may be sealed now. */
  async keep(kind: string, id: string, fields: Plain): Promise<void> {
    await this.setting.api.putItem(this.id, await this.sealed(kind, id, fields));
  }

  /** All things of a kind that I can open; what was sealed before I came is left out. `item-broken`. */
  async kept(kind: string): Promise<readonly KeptThing[]> {
    const { epochKeys } = this.reading;
    const rows = (await this.setting.api.items(this.id, kind)).filter(
      (row) => row.kind === kind && epochKeys.has(row.epoch),
    );
    return Promise.all(
      rows.map(async (row) => ({ id: row.id, by: row.by, fields: await openItem(this.id, row, epochKeys) })),
    );
  }

  async erase(kind: string, id: string): Promise<void> {
    await this.setting.api.deleteItem(this.id, kind, id);
  }

  /**
   * Wraps anew what all may read and is still under an epoch before: where whoever opened the present one could not read it, as
   * after an objection. Whoever can does it.
   */
  async mend(): Promise<void> {
    const under = present(this.circle, this.reading.epochKeys);
    const kept = await Promise.all(FOR_ALL.map((kind) => this.setting.api.items(this.id, kind)));
    const late = kept.flat().filter(({ epoch }) => epoch < under.epoch);
    for (const item of await wrapAnew(this.id, late, this.reading.epochKeys, under)) {
      await this.setting.api.putItem(this.id, item);
    }
  }

  protected async sealed(kind: string, id: string, fields: Plain): Promise<ItemPut> {
    this.sound();
    const under = present(this.circle, this.reading.epochKeys);
    const { id: me } = await this.author();
    const version = (await this.setting.api.items(this.id, kind)).find((row) => row.id === id)?.version ?? 0;
    return sealItem(this.id, me, { kind, id, version }, under, fields);
  }

  protected async said(): Promise<{ readonly about: About; readonly fields: Plain }> {
    const found = (await this.kept("about")).find(({ id }) => id === "circle");
    if (found === undefined) throw new CircleTrouble("no-key");
    return { about: await aboutIn(found.fields, this.circle.rules), fields: found.fields };
  }
}
