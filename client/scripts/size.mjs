// Says how large each page's script and style are, compressed, and fails when the room's script is too large. Of the texts, which
// come in a file for each language, a page fetches one language: the largest is counted.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

// Who sits in a meeting may have an old phone; who makes methods has an editor, with the meaning of every key in each language.
const BOUNDS = { workbench: 300_000 };
const BOUND = 88_000;
const TEXTS = /[/.]([a-z]{2})\.(?:ts|json)$/;
const built = new URL("../../src/kring_web/web/static/kring/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", built), "utf8"));
const compressed = (file) => gzipSync(readFileSync(new URL(file, built)), { level: 9 }).length;

/** Every chunk that an entry loads before it shows anything: its texts come with it, all else that comes later is rarely needed. */
function chunks(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const texts = (manifest[name].dynamicImports ?? []).filter((next) => TEXTS.test(next));
  for (const next of [...(manifest[name].imports ?? []), ...texts]) chunks(next, found);
  return found;
}

/** The size of all chunks, with the texts of the language that has most. */
function script(names) {
  let common = 0;
  const languages = {};
  for (const name of names) {
    const language = TEXTS.exec(name)?.[1];
    if (language) languages[language] = (languages[language] ?? 0) + compressed(manifest[name].file);
    else common += compressed(manifest[name].file);
  }
  return common + Math.max(0, ...Object.values(languages));
}

for (const [name, entry] of Object.entries(manifest)) {
  if (!entry.isEntry) continue;
  const names = [...chunks(name)];
  const size = script(names);
  const styles = new Set(names.flatMap((part) => manifest[part].css ?? []));
  const style = [...styles].reduce((sum, file) => sum + compressed(file), 0);
  console.log(`${name}: script ${(size / 1000).toFixed(1)} kB, style ${(style / 1000).toFixed(1)} kB, compressed`);
  const bound = BOUNDS[entry.name] ?? BOUND;
  if (size > bound) {
    console.error(`${name}: the script may be ${bound / 1000} kB at most`);
    process.exitCode = 1;
  }
}
