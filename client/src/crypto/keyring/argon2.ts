// Argon2id (RFC 9106) with one lane: in a worker, and where there is none in small pieces, so that the page stays alive.
// Loaded when a passphrase is tried.
import type { Bytes } from "../bytes.ts";

/** `memory`: KiB. `length`: bytes of the result. */
export interface Work {
  readonly secret: Bytes;
  readonly salt: Bytes;
  readonly memory: number;
  readonly passes: number;
  readonly length: number;
}

/** Milliseconds for which the page waits at a time. */
const PIECE = 12;

export async function argon2(work: Work): Promise<Bytes> {
  return (await beside(work).catch(() => null)) ?? inPieces(work);
}

function beside(work: Work): Promise<Bytes> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL("./argon2.worker.ts", import.meta.url), { type: "module" });
    const end = (then: () => void): void => {
      worker.terminate();
      then();
    };
    worker.onmessage = ({ data }: MessageEvent<Bytes>) => end(() => done(data));
    worker.onerror = () => end(() => failed(new Error("no worker here")));
    worker.postMessage(work);
  });
}

async function inPieces({ secret, salt, memory, passes, length }: Work): Promise<Bytes> {
  const { argon2idAsync } = await import("@noble/hashes/argon2.js");
  const costs = { m: memory, t: passes, p: 1, dkLen: length, asyncTick: PIECE };
  return Uint8Array.from(await argon2idAsync(secret, salt, costs));
}
