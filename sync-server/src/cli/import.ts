import * as A from "@automerge/automerge/slim"
import { movedTo } from "@home/shared/access"
import { err, ok } from "@home/shared/base"
import {
  type ImportContext,
  type ImportDraft,
  type ImportPlan,
  type ImportStep,
  type ParsedImport,
  inWords,
  planImport,
} from "@home/shared/documents"
import type { ImportFormat } from "@home/shared/documents/import"
import { nameOfMember } from "@home/shared/device"
import type { DocumentKey } from "@home/shared/replica"
import type { OpenDevice } from "../profile/device.js"
import { type ShownArea, readBook } from "./areas.js"
import { fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { type ReadFile, readImport } from "./import-source.js"
import { type Place, withPlace } from "./place.js"
import { requireMembership } from "./with-device.js"
import { notAllowed } from "./writing.js"

export interface ImportOptions {
  readonly files: readonly string[]
  /** Where the rows must belong; absent: wherever each file belongs. */
  readonly into: ShownArea | undefined
  readonly format: ImportFormat | undefined
  readonly isDryRun: boolean
  /** IANA zone for times that a file gives without one; the same on every device that imports the file. */
  readonly zone: string
  readonly circle: string | undefined
}

const rowsOf = (draft: ImportDraft): number => {
  switch (draft.area) {
    case "ledger":
      return draft.entries.length
    case "notes":
      return draft.notes.length
    case "plans":
      return draft.plans.length
    case "chat":
      return draft.messages.length
  }
}

/** Members by what they are called, so that a chat's authors become members. */
const membersByName = async (device: OpenDevice): Promise<ReadonlyMap<string, string>> => {
  const members = new Map<string, string>()
  for (const { id, kind } of device.replica.session.state().members.values()) {
    const name = kind === "person" ? await nameOfMember(device, id) : ""
    if (name !== "" && !members.has(name)) members.set(name, id)
  }
  return members
}

type StepRun = (step: ImportStep) => Outcome<number>

const keyOf = ({ device, circle }: Place, { document: { area, name } }: ImportStep): DocumentKey =>
  device.replica.keyFor(area, name, circle)

const isMovedNote = ({ device }: Place, { area, id }: DocumentKey): boolean =>
  area === "notes" && movedTo(device.replica.session.state(), { area, document: id }) !== undefined

const writeStep =
  (place: Place): StepRun =>
  async step => {
    const key = keyOf(place, step)
    // It came in before, and went to another circle since: so it is here already.
    if (isMovedNote(place, key)) return ok(0)
    const changed = await place.device.replica.change(key, draft => step.apply(draft))
    if (!changed.ok) return fail("refused", notAllowed(place, step.document.area, step.document.name))
    if (changed.value.ok) return changed.value
    return fail(
      "refused",
      `the document ${step.document.area} ${step.document.name} takes no rows (${changed.value.error.type})`,
    )
  }

/** Counts what would be new on a copy that is thrown away: no document is even begun. */
const dryStep = (place: Place): StepRun => {
  const copies = new Map<string, A.Doc<unknown>>()
  return async step => {
    const key = keyOf(place, step)
    if (isMovedNote(place, key)) return ok(0)
    const before = copies.get(key.id) ?? (await place.device.replica.read(key, doc => A.clone(doc)))
    let added = 0
    const after = A.change(before, draft => {
      const result = step.apply(draft)
      if (result.ok) added = result.value
    })
    copies.set(key.id, after)
    return ok(added)
  }
}

const runPlan = async (home: Home, file: ReadFile, plan: ImportPlan, run: StepRun): Outcome<number> => {
  const total = plan.steps.reduce((sum, step) => sum + step.rows, 0)
  let seen = 0
  let added = 0
  for (const step of plan.steps) {
    const done = await run(step)
    if (!done.ok) return done
    added += done.value
    seen += step.rows
    home.terminal.progress(`${file.path}: ${seen} of ${total}`)
  }
  home.terminal.progress(undefined)
  return ok(added)
}

const report = (home: Home, file: ReadFile, plan: ImportPlan, added: number, isDryRun: boolean): void => {
  const { path, parsed } = file
  const skipped = [...parsed.skipped, ...plan.skipped].sort((a, b) => a.line - b.line)
  const entries = rowsOf(parsed.draft)
  home.result(
    {
      file: path,
      format: parsed.format,
      area: parsed.draft.area,
      entries,
      added,
      skipped,
      sums: parsed.sums,
      warnings: parsed.warnings.map(inWords),
      ...(isDryRun ? { dryRun: true } : {}),
    },
    `${path}: ${parsed.format}, ${entries} read, ${added} ${isDryRun ? "would be" : ""} new, ${skipped.length} skipped`.replace(
      "  ",
      " ",
    ),
  )
  if (home.isJson) return
  for (const one of [...skipped, ...parsed.warnings]) home.terminal.say(`  ${inWords(one)}`)
}

/** Every file is read and understood before the first row is written. */
const readAll = (options: ImportOptions): ReturnType<typeof readImport>[] =>
  options.files.map(path => {
    const read = readImport(path, options.format)
    if (!read.ok) return read
    const { area } = read.value.parsed.draft
    if (options.into === undefined || area === options.into) return read
    return fail(
      "unreadable",
      `${path}: ${read.value.parsed.format} belongs into ${area}, not into ${options.into}`,
      {
        file: path,
        line: 0,
        reason: `belongs into ${area}`,
      },
    )
  })

export const importFiles = (home: Home, options: ImportOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const { device } = place
    const live = requireMembership(device)
    if (!live.ok) return live
    const files: ReadFile[] = []
    for (const read of readAll(options)) {
      if (!read.ok) return err(read.error)
      files.push(read.value)
    }
    const members = await membersByName(device)
    const run = options.isDryRun ? dryStep(place) : writeStep(place)
    for (const file of files) {
      const plan = await planFile(home, place, file.parsed, options.zone, members)
      if (!plan.ok) return plan
      const added = await runPlan(home, file, plan.value, run)
      if (!added.ok) return added
      report(home, file, plan.value, added.value, options.isDryRun)
    }
    return ok(undefined)
  })

/** Planned one by one: a file may name an account that the one before it has made. */
const planFile = async (
  home: Home,
  place: Place,
  parsed: ParsedImport,
  zone: string,
  members: ReadonlyMap<string, string>,
): Outcome<ImportPlan> => {
  const book = await readBook(place)
  if (!book.ok) return book
  const context: ImportContext = {
    hash: place.device.sealer.hash,
    author: place.device.profile.content.member,
    nowMs: home.clock.now(),
    zone,
    book: book.value,
    memberOf: name => members.get(name),
  }
  return ok(planImport(parsed, context))
}
