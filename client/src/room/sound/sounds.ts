// Short tones and vibration, switched on and off together; the choice is kept on this device.
import { localStore, type Store, StoredValue } from "../../transport/storage.ts";
import type { Cue } from "./cues.ts";

interface Tone {
  /** Hertz, one after the other. */
  readonly notes: readonly number[];
  readonly vibration: readonly number[];
}

const TONES: Readonly<Record<Cue, Tone>> = {
  turn: { notes: [523.25, 659.25], vibration: [80, 60, 80] },
  phase: { notes: [392], vibration: [60] },
  time: { notes: [440, 349.23], vibration: [40, 40, 40] },
};
const LOUDNESS = 0.08;
const LENGTH = 0.35;
const APART = 0.18;
/** Milliseconds after which a tone tells nothing any more. */
const STALE = 2000;

function later(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}

export class Sounds {
  readonly #stored: StoredValue<boolean>;
  #context: AudioContext | null = null;

  constructor(store: Store = localStore) {
    this.#stored = new StoredValue(store, "kring:sounds");
    document.addEventListener("visibilitychange", () => void this.#resume());
  }

  get on(): boolean {
    return this.#stored.read() ?? true;
  }

  set on(on: boolean) {
    this.#stored.write(on);
    if (on) this.unlock();
  }

  /** Call from a tap or key press: browsers allow sound only after one. */
  unlock(): void {
    if (!this.on || typeof AudioContext === "undefined") return;
    this.#context ??= this.#open();
    void this.#resume();
  }

  /** A phone call, another app or a locked screen interrupts the sound; the browser does not always give it back by itself. */
  #open(): AudioContext {
    const context = new AudioContext();
    context.addEventListener("statechange", () => void this.#resume());
    return context;
  }

  async #resume(): Promise<void> {
    const context = this.#context;
    if (!context || context.state === "running") return;
    // Closed for good by the browser: another one takes its place at the next tap.
    if (context.state === "closed") this.#context = null;
    else if (document.visibilityState === "visible") await context.resume().catch(() => undefined);
  }

  play(cue: Cue): void {
    if (!this.on) return;
    // Before the first tap a browser refuses, and complains.
    if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.([...TONES[cue].vibration]);
    const context = this.#context;
    if (!context) return;
    if (context.state === "running") this.#sound(context, cue);
    // Interrupted: it sounds once it may again, unless that takes so long that it would tell of something past.
    else void Promise.race([this.#resume(), later(STALE)]).then(() => this.#sound(context, cue));
  }

  #sound(context: AudioContext, cue: Cue): void {
    if (context.state !== "running") return;
    TONES[cue].notes.forEach((pitch, index) => {
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
