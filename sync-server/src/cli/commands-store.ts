import { hostname } from "node:os"
import { type Command, Option } from "commander"
import { parseRelayUrl } from "./addresses.js"
import { exportArchive, importArchive } from "./archive-file.js"
import { fail } from "./failure.js"
import { argumentOf, parseSeconds } from "./options.js"
import type { Run } from "./program.js"
import { acceptLate, discardLate, listLate } from "./late.js"
import { recover } from "./recover.js"
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
    .description(
      "what is here, and what is still missing on either side, as far as it is known without asking",
    )
  status_.action(() => run(status_, status))

  const late = program
    .command("late")
    .description("edits that came after their author was removed, or lost the right")
  const list = late.command("list").description("show them")
  list.action(() => run(list, listLate))
  const accept = late
    .command("accept")
    .description("let them count, for everyone")
    .argument("<edits>", 'the beginning of their id, or "all"')
  accept.action((text: string) => run(accept, home => acceptLate(home, text)))
  const discard = late
    .command("discard")
    .description("do not show them again here")
    .argument("<edits>", 'the beginning of their id, or "all"')
  discard.action((text: string) => run(discard, home => discardLate(home, text)))

  const archive = program.command("archive").description("all bundles in a file: the USB stick")
  const exportTo = archive
    .command("export")
    .description("write every bundle into a file, sealed")
    .argument("<file>")
  exportTo.action((file: string) => run(exportTo, home => exportArchive(home, file)))
  const importFrom = archive
    .command("import")
    .description("take in what a file of bundles has")
    .argument("<file>")
  importFrom.action((file: string) => run(importFrom, home => importArchive(home, file)))

  const recover_ = program
    .command("recover")
    .description("make this a device of the family from the recovery phrase alone")
    .addOption(new Option("--archive <file>", 'what "home archive export" wrote').conflicts("relay"))
    .option("--relay <url>", "a relay that the family uses", argumentOf(parseRelayUrl))
    .option("--device <name>", "what this device is called", hostname())
    .addHelpText(
      "after",
      "\nThe phrase comes from a prompt, HOME_RECOVERY_PHRASE or the file that HOME_RECOVERY_PHRASE_FILE names.",
    )
  recover_.action((options: { archive?: string; relay?: string; device: string }) =>
    run(recover_, async home => {
      const { archive: path, relay: url, device: deviceName } = options
      if (path !== undefined) return recover(home, { source: { type: "Archive", path }, deviceName })
      if (url !== undefined) return recover(home, { source: { type: "Relay", url }, deviceName })
      return fail("usage", "say where the family's bundles are: --archive FILE or --relay URL")
    }),
  )
}
