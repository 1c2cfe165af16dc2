// What names this browser in a meeting. Its seat and its table screen are two devices of one browser, so each keeps a token
// and takes the other's where it has none: then the room knows whose browser opened the screen.
import type { As } from "../../transport/api.ts";
import { type Store, StoredValue } from "../../transport/storage.ts";

export class DeviceToken {
  readonly #own: StoredValue<string>;
  readonly #other: StoredValue<string>;

  constructor(store: Store, meeting: string, as: As) {
    this.#own = new StoredValue(store, `kring:device:${meeting}:${as}`);
    this.#other = new StoredValue(store, `kring:device:${meeting}:${as === "table" ? "device" : "table"}`);
  }

  read(): string | null {
    return this.#own.read() ?? this.#other.read();
  }

  write(token: string): void {
    this.#own.write(token);
  }

  /** The server no longer accepts it. */
  forget(): void {
    const refused = this.read();
    this.#own.write(null);
    if (this.#other.read() === refused) this.#other.write(null);
  }
}

/** Takes over the seat that a link brings along (`&d=`): `over` another one of this browser in that meeting only if so asked. */
export function adoptDevice(store: Store, meeting: string, fragment: string, over = false): void {
  const token = new URLSearchParams(fragment.replace(/^#/, "")).get("d");
  const own = new StoredValue<string>(store, `kring:device:${meeting}:device`);
  if (token && (over || own.read() === null)) own.write(token);
}
