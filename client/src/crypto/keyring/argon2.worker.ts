// Argon2id beside the page, so that the page goes on meanwhile: it takes a second or more.
import { argon2id } from "@noble/hashes/argon2.js";
import type { Work } from "./argon2.ts";

addEventListener("message", ({ data }: MessageEvent<Work>) => {
  const { secret, salt, memory, passes, length } = data;
  postMessage(argon2id(secret, salt, { m: memory, t: passes, p: 1, dkLen: length }));
});
