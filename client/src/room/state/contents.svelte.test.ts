import { flushSync } from "svelte";
import { expect, test } from "vitest";
import { BRAM, MEETING, viewOf } from "../../../tests/cast.ts";
import { LinkKeys, newKey } from "../../crypto/keys.ts";
import { seal } from "../../crypto/seal.ts";
import { Contents } from "./contents.svelte.ts";

test("a screen that shows a name is drawn again once the name is open, and once it is burned", async () => {
  const keys = new LinkKeys(newKey());
  const contents = new Contents(MEETING, keys);
  const id = `name${BRAM}`;
  const seen: string[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      seen.push(contents.get(id).state);
    });
  });
  flushSync();
  const sealed = await seal(keys, { meeting: MEETING, seat: BRAM, kind: "name", id }, { name: "Bram" }, 2);
  await contents.receive(viewOf(), { [id]: sealed });
  flushSync();
  await contents.receive(viewOf({ meeting: { ...viewOf().meeting, burned: true } }), {});
  flushSync();
  stop();
  expect(seen).toEqual(["waiting", "open", "gone"]);
});
