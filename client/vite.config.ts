import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vite"
import solid from "vite-plugin-solid"
import { leanWasm } from "./build/lean-wasm.js"
import { precache } from "./build/precache.js"
import { trustedTemplates } from "./build/trusted-templates.js"

const here = fileURLToPath(new URL("./", import.meta.url))

const { version } = JSON.parse(readFileSync(`${here}package.json`, "utf8")) as { version: string }

export default defineConfig({
  root: here,
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [leanWasm(), trustedTemplates(`${here}src/platform/trusted-types.ts`), solid(), precache(here)],
  worker: { format: "es", plugins: () => [leanWasm()] },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // A data: URL would need a hole in the policy; every file is one that the precache pins.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The wasm of documents is large and known; the budget test weighs it.
    chunkSizeWarningLimit: 4_000,
    manifest: "build-manifest.json",
  },
})
