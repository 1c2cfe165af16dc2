import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// Relative base: the built files find each other wherever the static files are served from.
export default defineConfig(({ mode }) => ({
  base: "./",
  plugins: [svelte()],
  build: {
    target: "es2022",
    outDir: "../src/kring_web/web/static/kring",
    emptyOutDir: true,
    manifest: "manifest.json",
    // The page's policy forbids data: URLs and inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        room: "src/room/main.ts",
        workbench: "src/workbench/main.ts",
        start: "src/site/start.ts",
        method: "src/site/method.ts",
        link: "src/site/link.ts",
        sheet: "src/site/sheet.ts",
      },
    },
  },
  // Tests mount components as a browser does; without this Svelte gives them its server half.
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  server: { fs: { allow: [".."] } },
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    environment: "happy-dom",
    setupFiles: ["tests/texts.ts"],
  },
}));
