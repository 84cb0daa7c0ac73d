import { readFile, writeFile } from "node:fs/promises"
import * as A from "@automerge/automerge"
import { createDocument } from "../../../shared/src/documents/areas.js"
import { type Message, type ChildProgram, startChild } from "../child.js"
import { type FamilySize, lastLedger, stepsOfYear } from "./content.js"
import { rowsIn } from "./newcomer.js"

// What a first screen costs Automerge itself, with nothing around it: this year's ledger from memory to its rows.

/** The ledger as one saved document. */
export const writeLastLedger = async (size: FamilySize, file: string): Promise<void> => {
  const { area, name } = lastLedger(size)
  let doc = createDocument(area, "f".repeat(32))
  for (const step of stepsOfYear(size, size.years - 1))
    if (step.area === area && step.name === name) doc = A.change(doc, draft => step.apply(draft))
  await writeFile(file, A.save(doc))
}

/** A process that has Automerge and the bytes, and nothing warm but that. */
export const ledgerFloor: ChildProgram = async parent => {
  const bytes = await readFile(String(parent.options["file"]))
  parent.onMessage(() => {
    const startedMs = performance.now()
    const rows = rowsIn(A.load(bytes))
    parent.tell({ rows, tookMs: performance.now() - startedMs })
  })
  parent.tell({ ready: true })
}

/** Milliseconds, in a process of its own. */
export const loadAloneMs = async (file: string, size: FamilySize): Promise<number> => {
  const child = startChild("ledger-floor", { file } satisfies Message)
  await child.next()
  const { rows, tookMs } = await child.ask({})
  await child.close()
  if (rows !== size.entriesPerYear) throw new Error(`${String(rows)} rows`)
  return Number(tookMs)
}
