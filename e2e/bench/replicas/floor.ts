import { open } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import * as A from "@automerge/automerge"
import type { Area } from "@home/shared/base"
import { createDocument } from "../../../shared/src/documents/areas.js"
import { type EditKind, applyEdit, editKinds } from "./workload.js"

const areaByKind: Readonly<Record<EditKind, Area>> = { row: "ledger", message: "chat", letter: "notes" }

/**
 * What Automerge itself takes for the edits, in one process and with nothing around it: each a change on A, each
 * applied on B one at a time, with patches on both sides as a screen needs them. CPU milliseconds for each round.
 */
export const floorCpuMs = (perRound: number, rounds: number): readonly number[] => {
  const sides = new Map<EditKind, { a: A.Doc<unknown>; b: A.Doc<unknown> }>()
  for (const kind of editKinds) {
    const area = areaByKind[kind]
    sides.set(kind, { a: createDocument(area, "a".repeat(32)), b: createDocument(area, "b".repeat(32)) })
  }
  const patchCallback = (): void => {}
  const each = perRound / editKinds.length
  const cpu: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    for (let i = 0; i < perRound; i++) {
      const kind = editKinds[i % editKinds.length] ?? "row"
      const side = sides.get(kind)
      if (side === undefined) continue
      const n = round * each + Math.floor(i / editKinds.length)
      side.a = A.change(side.a, { patchCallback }, draft => applyEdit(draft, kind, n))
      const change = A.getLastLocalChange(side.a)
      if (change !== undefined) side.b = A.applyChanges(side.b, [change], { patchCallback })[0]
    }
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / 1_000)
  }
  return cpu
}

export interface FloorDelay {
  /** Automerge's own, milliseconds. */
  readonly automergeMs: number
  /** The same, and until the disk of A had the change. */
  readonly syncedMs: number
}

/**
 * What no replica over Automerge that keeps what it sends can go below on an isolated edit's way: the change on A and
 * its application on B with patches, in one process, nothing between them; and one wait for the disk. Paced as the
 * edits are: code and memory that rest for a while are cold for both.
 */
export const floorDelays = (
  folder: string,
): ((kind: EditKind, count: number, perSecond: number) => Promise<readonly FloorDelay[]>) => {
  let n = 0
  const sides = new Map<EditKind, { a: A.Doc<unknown>; b: A.Doc<unknown> }>()
  const patchCallback = (): void => {}
  return async (kind, count, perSecond) => {
    const area = areaByKind[kind]
    const side = sides.get(kind) ?? {
      a: createDocument(area, "a".repeat(32)),
      b: createDocument(area, "b".repeat(32)),
    }
    sides.set(kind, side)
    const file = await open(join(folder, "floor"), "a")
    const took: FloorDelay[] = []
    for (let i = 0; i < count; i++) {
      await pause(1_000 / perSecond)
      const startedMs = performance.now()
      side.a = A.change(side.a, { patchCallback }, draft => applyEdit(draft, kind, n))
      const change = A.getLastLocalChange(side.a)
      if (change !== undefined) side.b = A.applyChanges(side.b, [change], { patchCallback })[0]
      const automergeMs = performance.now() - startedMs
      await file.write(change ?? new Uint8Array(0))
      await file.datasync()
      took.push({ automergeMs, syncedMs: performance.now() - startedMs })
      n += 1
    }
    await file.close()
    return took
  }
}
