import { defineConfig } from "vitest/config"
import { mutantPlugin } from "./tools/mutant-plugin.mjs"

export default defineConfig({
  plugins: [mutantPlugin(import.meta.dirname)],
  test: {
    include: [
      "shared/src/**/*.test.ts",
      "crypto/src/**/*.test.ts",
      "client/src/**/*.test.ts",
      "sync-server/src/**/*.test.ts",
      "tools/**/*.test.ts",
      "e2e/**/*.test.ts",
    ],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
