import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["shared/src/**/*.test.ts", "crypto/src/**/*.test.ts", "sync-server/src/**/*.test.ts", "tools/**/*.test.ts"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
