// The story page: `npx vite build --config src/room/ui/stories/vite.config.ts --outDir <folder>`, with methods/*.json beside it.
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [svelte({ configFile: fileURLToPath(new URL("../../../../svelte.config.js", import.meta.url)) })],
  build: { target: "es2022", emptyOutDir: false, modulePreload: { polyfill: false } },
});
