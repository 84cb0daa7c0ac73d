import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bytesToText } from "@home/shared/base"
import { testBundle, testFeed } from "@home/shared/testing"
import { afterAll, describe, expect, it } from "vitest"
import { openProfileDatabase } from "./profile-database.js"
import { bundleChild, startChild } from "./testing/bundled-child.js"

const root = mkdtempSync(join(tmpdir(), "home-crash-"))
afterAll(() => rmSync(root, { recursive: true }))

/** After how many acknowledgements each process is killed; it goes on while the signal is on its way. */
const ackedBeforeKill = [0, 1, 3, 8, 17, 40]

describe("a process that is killed while it writes", () => {
  it("[S24] leaves everything that it acknowledged, and no half of a write", async () => {
    const program = await bundleChild("append-child", root)
    const path = join(root, "profile", "profile.db")
    let acked = 0
    for (const count of ackedBeforeKill) {
      const from = acked + 1
      const child = startChild(program, [path, String(from)])
      let lines = 0
      for await (const line of child.lines) {
        acked = Number(line)
        if (lines++ === count) child.process.kill("SIGKILL")
      }
      await child.exited
      expect(child.process.signalCode).toBe("SIGKILL")
      expect(acked).toBeGreaterThanOrEqual(from + count)

      const opened = openProfileDatabase(path)
      if (!opened.ok) throw new Error(opened.error.type)
      const { store, archive, close } = opened.value
      for (const feed of [1, 2, 3].map(testFeed)) {
        const position = await archive.position(feed)
        expect(position?.contiguousSeq).toBeGreaterThanOrEqual(acked)
        expect(position?.islands).toEqual([])
        expect(await archive.has(testBundle({ feed, seq: acked }).hash)).toBe(true)
        expect(position).toEqual({ ...(await archive.position(testFeed(1))), feed, hash: position?.hash })
      }
      const [left, right] = await Promise.all([store.get(["left"]), store.get(["right"])])
      expect(left).toEqual(right)
      const written = Number(bytesToText(left ?? new Uint8Array(0)))
      expect(written).toBeGreaterThanOrEqual(acked)
      const all = await archive.readSince(0, Number.MAX_SAFE_INTEGER)
      expect(await archive.count()).toEqual({
        bundles: all.bundles.length,
        bytes: all.bundles.reduce((sum, entry) => sum + entry.bundle.bytes.length, 0),
      })
      acked = Math.max(acked, written)
      await close()
    }
  })
})
