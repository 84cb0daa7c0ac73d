import type { Command } from "commander"
import { fail } from "./failure.js"
import { parseSeconds } from "./options.js"
import type { Run } from "./program.js"
import { sync } from "./sync.js"

/** What moves bundles. */
export const storeCommands = (program: Command, run: Run): void => {
  const sync_ = program
    .command("sync")
    .description("exchange everything with the family's relays and boxes")
    .option("--once", "until caught up; the default", false)
    .option("--watch", "stay connected until Ctrl-C", false)
    .option("--timeout <seconds>", "give up after so long", parseSeconds, 30_000)
  sync_.action((options: { once: boolean; watch: boolean; timeout: number }) =>
    run(sync_, async home => {
      if (options.once && options.watch) return fail("usage", "--once and --watch exclude each other")
      return sync(home, { isWatch: options.watch, timeoutMs: options.timeout })
    }),
  )
}
