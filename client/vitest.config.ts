import { join } from "node:path"
import solid from "vite-plugin-solid"
import { defineConfig } from "vitest/config"
import { mutantPlugin } from "../tools/mutant-plugin.mjs"

export default defineConfig({
  root: import.meta.dirname,
  plugins: [mutantPlugin(join(import.meta.dirname, "..")), solid()],
  test: {
    name: "screens",
    environment: "jsdom",
    include: ["src/**/*.test.tsx"],
    pool: "forks",
    // As many as the other projects have: they run together.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
