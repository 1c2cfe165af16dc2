// The server's clock as this device can tell it.

const KEPT = 8;
const JUMP = 5000;

interface Sample {
  readonly round: number;
  readonly offset: number;
}

/** Estimates the offset to the server's clock from the quickest of the latest answers. */
export class Clock {
  #samples: Sample[] = [];
  offset = 0;

  /** `sent` and `received` on this device's clock, `server` what the answer said. */
  sample(sent: number, received: number, server: number): void {
    const sample = { round: received - sent, offset: server - (sent + received) / 2 };
    const known = this.#samples.length > 0;
    // This device's clock was set, or it slept: earlier samples are worthless.
    if (known && Math.abs(sample.offset - this.offset) > JUMP + sample.round) this.#samples = [];
    this.#samples = [...this.#samples, sample].slice(-KEPT);
    this.offset = this.#samples.reduce((best, next) => (next.round < best.round ? next : best)).offset;
  }

  now(): number {
    return Math.round(Date.now() + this.offset);
  }
}
