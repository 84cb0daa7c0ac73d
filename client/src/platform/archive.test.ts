import { unzipSync } from "fflate"
import { describe, expect, it } from "vitest"
import { createArchive } from "./archive.js"

describe("an archive", () => {
  it("[U33] holds each file under its name, texts and pictures alike", async () => {
    const text = new TextEncoder().encode("日期,金额\n".repeat(500))
    const picture = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) & 0xff)
    const archive = createArchive()
    await archive.add("ledger.csv", text)
    await archive.add("爸妈 0a1b2c3d/receipts/2026-11-22 面包店.jpg", new Blob([picture]))
    const bytes = new Uint8Array(await archive.end().arrayBuffer())
    expect(bytes.length).toBeLessThan(text.length / 2 + picture.length + 1_000)
    const files = unzipSync(bytes)
    expect(Object.keys(files)).toEqual(["ledger.csv", "爸妈 0a1b2c3d/receipts/2026-11-22 面包店.jpg"])
    expect(Object.values(files).map(each => [...each])).toEqual([[...text], [...picture]])
  })
})
