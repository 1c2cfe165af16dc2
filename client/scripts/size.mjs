// Says how large each page's script and style are, compressed, and fails when the room's script is too large.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

// Who sits in a meeting may have an old phone; who makes methods has an editor, with the meaning of every key in each language.
const BOUNDS = { workbench: 300_000 };
const BOUND = 80_000;
const built = new URL("../../src/kring_web/web/static/kring/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", built), "utf8"));
const compressed = (file) => gzipSync(readFileSync(new URL(file, built)), { level: 9 }).length;

/** Every chunk that an entry loads, now or later. */
function chunks(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const next of [...(manifest[name].imports ?? []), ...(manifest[name].dynamicImports ?? [])]) chunks(next, found);
  return found;
}

for (const [name, entry] of Object.entries(manifest)) {
  if (!entry.isEntry) continue;
  const parts = [...chunks(name)].map((part) => manifest[part]);
  const script = parts.reduce((sum, part) => sum + compressed(part.file), 0);
  const styles = new Set(parts.flatMap((part) => part.css ?? []));
  const style = [...styles].reduce((sum, file) => sum + compressed(file), 0);
  console.log(`${name}: script ${(script / 1000).toFixed(1)} kB, style ${(style / 1000).toFixed(1)} kB, compressed`);
  const bound = BOUNDS[entry.name] ?? BOUND;
  if (script > bound) {
    console.error(`${name}: the script may be ${bound / 1000} kB at most`);
    process.exitCode = 1;
  }
}
