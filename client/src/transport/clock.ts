// The server's clock as this device can tell it.
//
// A device's own clock may be set while a meeting runs: by hand, by the network, by a flight. So time is counted from the moment
// that the page was opened, by a counter that nobody sets. That one may stand still while the device sleeps; either way the two
// then differ, and the server is asked anew.

const KEPT = 8;
const JUMP = 5000;
/** Milliseconds by which the device's clock and its counter may differ from one look to the next. */
const STEADY = 1500;

interface Sample {
  readonly round: number;
  readonly offset: number;
}

/** Estimates the offset to the server's clock from the quickest of the latest answers. */
export class Clock {
  readonly #start = Date.now() - performance.now();
  #samples: Sample[] = [];
  #apart = 0;
  offset = 0;

  /** Milliseconds on this device's clock as it was when the page was opened. */
  local(): number {
    return this.#start + performance.now();
  }

  /** `sent` and `received` by `local`, `server` what the answer said. */
  sample(sent: number, received: number, server: number): void {
    const sample = { round: received - sent, offset: server - (sent + received) / 2 };
    const known = this.#samples.length > 0;
    // It slept: earlier samples are worthless.
    if (known && Math.abs(sample.offset - this.offset) > JUMP + sample.round) this.#samples = [];
    this.#samples = [...this.#samples, sample].slice(-KEPT);
    this.offset = this.#samples.reduce((best, next) => (next.round < best.round ? next : best)).offset;
  }

  /** Whether this device's clock was set, or it slept, since the last look: what time it is must be asked. */
  jumped(): boolean {
    const apart = Date.now() - this.local();
    const jumped = Math.abs(apart - this.#apart) > STEADY;
    this.#apart = apart;
    if (jumped) this.#samples = [];
    return jumped;
  }

  now(): number {
    return Math.round(this.local() + this.offset);
  }
}
