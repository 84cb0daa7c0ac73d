import { type Command, Option } from "commander"
import { type ImportFormat, importFormats } from "@home/shared/documents/import"
import { type ShownArea, parseArea, shownAreas } from "./areas.js"
import { type ExportFormat, exportArea, exportFormats } from "./export.js"
import { importFiles } from "./import.js"
import { parseZone } from "./options.js"
import { circleOption } from "./place.js"
import type { Run } from "./program.js"

const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** What the family writes. */
export const areaCommands = (program: Command, run: Run): void => {
  const import_ = program
    .command("import")
    .description(
      "read bills, calendars, chats and folders of Markdown; importing the same file twice adds nothing",
    )
    .argument("<file...>", "files, or a folder of Markdown")
    .addOption(new Option("--into <area>", "refuse files that belong elsewhere").choices(shownAreas))
    .addOption(
      new Option("--format <format>", "what the files are, where it cannot be seen").choices(importFormats),
    )
    .option("--dry-run", "only say what would be added", false)
    .option("--zone <zone>", "time zone of times that a file gives without one", parseZone, ownZone())
    .addOption(circleOption())
  type ImportFlags = {
    into?: ShownArea
    format?: ImportFormat
    dryRun: boolean
    zone: string
    circle?: string
  }
  import_.action((files: string[], options: ImportFlags) =>
    run(import_, home =>
      importFiles(home, {
        files,
        into: options.into,
        format: options.format,
        isDryRun: options.dryRun,
        zone: options.zone,
        circle: options.circle,
      }),
    ),
  )

  const export_ = program
    .command("export")
    .description("write an area of the family's documents; JSON is one line, stable and documented")
    .argument("<area>", shownAreas.join(", "))
    .addOption(
      new Option(
        "--format <format>",
        "ledger: json, csv; plans: json, ics; notes: json, markdown; chat: json",
      )
        .choices(exportFormats)
        .default("json"),
    )
    .option("--out <path>", "a file (whole or not at all); for markdown a folder")
    .option("--list <id>", "of plans as ics: which list")
    .addOption(circleOption())
  type ExportFlags = { format: ExportFormat; out?: string; list?: string; circle?: string }
  export_.action((area: string, options: ExportFlags) =>
    run(export_, async home => {
      const parsed = parseArea(area)
      return parsed.ok
        ? exportArea(home, {
            area: parsed.value,
            format: options.format,
            out: options.out,
            list: options.list,
            circle: options.circle,
          })
        : parsed
    }),
  )
}
