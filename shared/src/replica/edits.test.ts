import * as A from "@automerge/automerge/slim"
import { describe, expect, it } from "vitest"
import type { DocumentId } from "../base/index.js"
import { itemsOf, noteKey, testNote, tryWrite, writeItem } from "../testing/notes-of.js"
import { plainTrio } from "../testing/on-node/plain-family.js"

const names = Array.from({ length: 30 }, (_, i) => `item ${String(i).padStart(2, "0")}`)

describe("edits that come at once", () => {
  it("[P125] go into one bundle and one change, and all arrive", async () => {
    const { world, anna, ben } = await plainTrio()
    await writeItem(anna, "before")
    const { bundles } = await anna.archive.count()
    const changes = await anna.replica.read(noteKey(anna), doc => A.getAllChanges(doc).length)
    const written = await Promise.all(names.map(name => tryWrite(anna, name)))
    expect(written.every(({ ok }) => ok)).toBe(true)
    // The first goes at once, what came meanwhile goes together: never one bundle each.
    expect((await anna.archive.count()).bundles - bundles).toBeLessThanOrEqual(2)
    expect(await anna.replica.read(noteKey(anna), doc => A.getAllChanges(doc).length)).toBeLessThanOrEqual(
      changes + 2,
    )
    await world.sync(anna, ben)
    expect(await itemsOf(ben)).toEqual(["before", ...names])
  })

  it("[P125] a command that throws is undone alone", async () => {
    const { world, anna, ben } = await plainTrio()
    const broken = anna.replica.change(
      noteKey(anna, testNote),
      (draft: { checklist: Record<string, unknown> }) => {
        draft.checklist["half"] = new A.ImmutableString("half")
        throw new Error("a bug in a command")
      },
    )
    const around = Promise.all([tryWrite(anna, "one"), tryWrite(anna, "two")])
    await expect(broken).rejects.toThrow("a bug in a command")
    expect((await around).every(({ ok }) => ok)).toBe(true)
    await world.sync(anna, ben)
    expect(await itemsOf(ben)).toEqual(["one", "two"])
  })

  it("[P125] each document's edits keep their order", async () => {
    const { anna } = await plainTrio()
    const seen = new Map<DocumentId, number[]>()
    const keys = [noteKey(anna, testNote), noteKey(anna, "f".repeat(32))]
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const key = keys[i % 2] ?? noteKey(anna)
        return anna.replica.change(key, () => void seen.set(key.id, [...(seen.get(key.id) ?? []), i]))
      }),
    )
    for (const order of seen.values()) expect(order).toEqual([...order].sort((a, b) => a - b))
    expect([...seen.values()].flat().length).toBe(20)
  })
})
