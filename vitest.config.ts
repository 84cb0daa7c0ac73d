import { join } from "node:path"
import { defaultExclude, defineConfig } from "vitest/config"
import { LongestFirst } from "./tools/longest-first.ts"
import { mutantPlugin } from "./tools/mutant-plugin.mjs"

const onNode = {
  pool: "forks",
  // Half of the time goes into waiting for disks and processes: on two cores one worker leaves one idle.
  maxWorkers: 2,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What is waited for comes as fast as a busy machine lets it.
  expect: { poll: { timeout: 30_000 } },
} as const

const remembered = {
  alias: [{ find: /^hash-wasm$/, replacement: join(import.meta.dirname, "tools/remembered-argon2.mjs") }],
}

/** Each file has a browser's disk (IndexedDB) of its own. */
const onDisks = ["client/src/{adapters,engine}/**/*.test.ts"]

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        plugins: [mutantPlugin(import.meta.dirname)],
        resolve: remembered,
        test: {
          ...onNode,
          name: "node",
          include: [
            "shared/src/**/*.test.ts",
            "crypto/src/**/*.test.ts",
            "client/**/*.test.ts",
            "sync-server/src/**/*.test.ts",
            "tools/**/*.test.ts",
            "e2e/**/*.test.ts",
          ],
          exclude: [...defaultExclude, ...onDisks],
          // No module keeps what a test has done (the core may not, by its layers): loading all of them anew for each
          // file cost more than half of the tests' time.
          isolate: false,
        },
      },
      {
        plugins: [mutantPlugin(import.meta.dirname)],
        resolve: remembered,
        test: { ...onNode, name: "engine", include: onDisks },
      },
      {
        test: {
          name: "browser",
          include: ["e2e/**/*.e2e.ts"],
          globalSetup: "e2e/harness/stage-setup.ts",
          pool: "forks",
          // Two at a time: a test that waits for a relay or for a key leaves the processor to another one.
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
      // Components (`*.test.tsx`), drawn into a document that is no browser.
      "client",
    ],
  },
})
