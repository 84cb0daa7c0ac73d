import { defineConfig } from "vitest/config"
import { mutantPlugin } from "./tools/mutant-plugin.mjs"

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [mutantPlugin(import.meta.dirname)],
        test: {
          name: "node",
          include: [
            "shared/src/**/*.test.ts",
            "crypto/src/**/*.test.ts",
            "client/**/*.test.ts",
            "sync-server/src/**/*.test.ts",
            "tools/**/*.test.ts",
            "e2e/**/*.test.ts",
          ],
          pool: "forks",
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["e2e/**/*.e2e.ts"],
          pool: "forks",
          // A browser, a relay and a box each: one file at a time.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      // Components (`*.test.tsx`), drawn into a document that is no browser.
      "client",
    ],
  },
})
