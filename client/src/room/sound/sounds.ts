// Short soft tones and a touch of vibration. Off is off: both at once, remembered on this device.
import { Kept, type Store } from "../../transport/storage.ts";
import type { Moment } from "./moments.ts";

interface Tone {
  /** Hertz, one after the other. */
  readonly notes: readonly number[];
  readonly vibration: readonly number[];
}

const TONES: Readonly<Record<Moment, Tone>> = {
  turn: { notes: [523.25, 659.25], vibration: [80, 60, 80] },
  phase: { notes: [392], vibration: [60] },
  time: { notes: [440, 349.23], vibration: [40, 40, 40] },
};
const LOUDNESS = 0.08;
const LENGTH = 0.35;
const APART = 0.18;

export class Sounds {
  readonly #kept: Kept<boolean>;
  #context: AudioContext | null = null;

  constructor(store: Store = localStorage) {
    this.#kept = new Kept(store, "kring:sounds");
  }

  get on(): boolean {
    return this.#kept.read() ?? true;
  }

  set on(on: boolean) {
    this.#kept.write(on);
    if (on) this.unlock();
  }

  /** Call from a tap or a key: browsers let a page sound only after one. */
  unlock(): void {
    if (!this.on || typeof AudioContext === "undefined") return;
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") void this.#context.resume().catch(() => undefined);
  }

  play(moment: Moment): void {
    if (!this.on) return;
    // Before the first tap a browser refuses, and complains.
    if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.([...TONES[moment].vibration]);
    const context = this.#context;
    if (context?.state !== "running") return;
    TONES[moment].notes.forEach((pitch, index) => {
      this.#note(context, pitch, context.currentTime + index * APART);
    });
  }

  #note(context: AudioContext, pitch: number, at: number): void {
    const gain = new GainNode(context, { gain: 0 });
    const tone = new OscillatorNode(context, { type: "sine", frequency: pitch });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + LENGTH);
  }
}
