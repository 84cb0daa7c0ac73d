import type { Command } from "commander"
import { fail } from "./failure.js"
import { parseSeconds } from "./options.js"
import type { Run } from "./program.js"
import { acceptLate, discardLate, listLate } from "./late.js"
import { status } from "./status.js"
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

  const status_ = program
    .command("status")
    .description("what is here, and what is still missing on either side, as far as it is known without asking")
  status_.action(() => run(status_, status))

  const late = program.command("late").description("edits that came after their author was removed, or lost the right")
  const list = late.command("list").description("show them")
  list.action(() => run(list, listLate))
  const accept = late.command("accept").description("let them count, for everyone").argument("<edits>", 'the beginning of their id, or "all"')
  accept.action((text: string) => run(accept, home => acceptLate(home, text)))
  const discard = late.command("discard").description("do not show them again here").argument("<edits>", 'the beginning of their id, or "all"')
  discard.action((text: string) => run(discard, home => discardLate(home, text)))
}
