import { existsSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { testBox } from "./testing/box.js"
import { foundIn, home, joinFamily, scratch } from "./testing/test-home.js"
import { testRelay } from "./testing/relay.js"

const folder = scratch()
afterAll(folder.remove)

/** Bytes that look like a picture's: told apart at every place, and larger than a few chunks. */
const picture = (sizeBytes: number): Buffer => {
  const bytes = Buffer.alloc(sizeBytes)
  for (let i = 0; i + 4 <= sizeBytes; i += 4) bytes.writeUInt32LE((i * 2654435761) >>> 0, i)
  return bytes
}
const chunksIn = (dir: string): readonly string[] =>
  existsSync(join(dir, "blobs"))
    ? readdirSync(join(dir, "blobs")).flatMap(name => readdirSync(join(dir, "blobs", name)))
    : []

const added = async (dir: string): Promise<string> => {
  const ran = await home(["ledger", "add", "12.50", "Bakery", "--currency", "EUR", "--data", dir, "--json"])
  return String(ran.json[0]?.["added"])
}
const attached = async (dir: string, entry: string, path: string) => {
  const ran = await home(["ledger", "attach", entry, path, "--data", dir, "--json"])
  expect([ran.code, ran.err]).toEqual([0, ""])
  return ran.json[0] ?? {}
}

describe("files of entries", () => {
  it("[C26] [C27] a picture goes to the box and, with its device off, from there to the others", async () => {
    const relay = await testRelay(folder.path("relay"))
    const [anna, ben, boxDir] = [folder.path("anna"), folder.path("ben"), folder.path("box")]
    const box = await testBox(boxDir)
    await foundIn(anna, "--relay", relay.url)
    expect((await home(["claim", box.claim, "--data", anna])).code).toBe(0)
    await joinFamily(anna, ben)
    const path = folder.path("receipt.jpg")
    writeFileSync(path, picture(5_000_000))
    const file = await attached(anna, await added(anna), path)
    expect(file).toMatchObject({ name: "receipt.jpg", type: "image/jpeg", sizeBytes: 5_000_000, chunks: 5 })
    const id = String(file["attached"])
    // The relay carries what says that there is a picture; the picture is nowhere but here.
    for (const dir of [anna, ben]) await home(["sync", "--timeout", "20", "--data", dir])
    const show = async (dir: string) =>
      (await home(["blob", "show", id.slice(0, 12), "--data", dir, "--json"])).json[0]
    expect(await show(ben)).toMatchObject({ state: "Elsewhere", missing: 5 })
    expect(chunksIn(boxDir)).toHaveLength(5)
    const status = (await home(["status", "--data", anna, "--json"])).json[0]
    expect(status?.["files"]).toMatchObject({ chunks: 5, onNoBox: 0 })

    // Whoever attached it is gone, and so is the relay.
    await relay.close()
    const out = folder.path("out.jpg")
    expect((await home(["blob", "get", id, "--out", out, "--data", ben])).code).toBe(0)
    expect(readFileSync(out).equals(picture(5_000_000))).toBe(true)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect(await show(ben)).toMatchObject({ state: "Here", missing: 0 })
    await box.close()
    rmSync(out)
    expect((await home(["blob", "get", id, "--out", out, "--data", ben])).code).toBe(0)
    expect(existsSync(out)).toBe(true)
  })

  it("[C27] where nobody has all of it, it is said whose device it waits for", async () => {
    const relay = await testRelay(folder.path("c27a", "relay"))
    const [anna, ben, path] = ["anna", "ben", "one.png"].map(name => folder.path("c27a", name))
    if (anna === undefined || ben === undefined || path === undefined) throw new Error("paths")
    await foundIn(anna, "--relay", relay.url)
    await joinFamily(anna, ben)
    writeFileSync(path, picture(2000))
    const id = String((await attached(anna, await added(anna), path))["attached"])
    for (const dir of [anna, ben]) expect((await home(["sync", "--data", dir])).code).toBe(0)
    const out = folder.path("c27a", "out.png")
    const alone = await home(["blob", "get", id, "--out", out, "--timeout", "2", "--data", ben, "--json"])
    expect([alone.code, existsSync(out)]).toEqual([5, false])
    expect(alone.json[0]?.["error"]).toMatchObject({ kind: "unreachable", state: "Elsewhere", missing: 1 })
    expect(alone.err).toContain("Anna")
    // It was asked for: Anna's device answers when it is here again, and Ben's finds it when Anna's has gone.
    expect((await home(["sync", "--data", anna])).code).toBe(0)
    expect((await home(["blob", "get", id, "--out", out, "--timeout", "20", "--data", ben])).code).toBe(0)
    expect(readFileSync(out).equals(picture(2000))).toBe(true)
    await relay.close()
  })

  it("[C27] what a disk has damaged is asked for again, and content comes whole or not at all", async () => {
    const [anna, boxDir] = [folder.path("c27", "anna"), folder.path("c27", "box")]
    const box = await testBox(boxDir)
    await foundIn(anna)
    expect((await home(["claim", box.claim, "--data", anna])).code).toBe(0)
    const path = folder.path("c27", "scan.pdf")
    writeFileSync(path, picture(3_000_000))
    const id = String((await attached(anna, await added(anna), path))["attached"])
    expect((await home(["sync", "--data", anna])).code).toBe(0)
    // The device loses its own: one chunk altered, one gone.
    const [first = "", second = ""] = chunksIn(anna)
    const pathOf = (chunk: string) => join(anna, "blobs", chunk.slice(0, 2), chunk)
    truncateSync(pathOf(first), 1000)
    rmSync(pathOf(second))
    const out = folder.path("c27", "out.pdf")
    expect((await home(["blob", "get", id, "--out", out, "--data", anna])).code).toBe(0)
    expect(readFileSync(out).equals(picture(3_000_000))).toBe(true)
    await box.close()
  })

  it("[C26] a file that is none, or too long, leaves the entry as it was; detaching takes it away", async () => {
    const anna = folder.path("c26")
    await foundIn(anna)
    const entry = await added(anna)
    const [none, long, text] = ["none", "long.jpg", "list.txt"].map(name => join(anna, name))
    if (none === undefined || long === undefined || text === undefined) throw new Error("paths")
    expect((await home(["ledger", "attach", entry, none, "--data", anna])).code).toBe(4)
    writeFileSync(long, "")
    truncateSync(long, 64 * 1024 * 1024 + 1)
    expect((await home(["ledger", "attach", entry, long, "--data", anna])).code).toBe(4)
    expect(chunksIn(anna)).toEqual([])
    writeFileSync(text, "bread\n")
    const id = String((await attached(anna, entry, text))["attached"])
    const receipts = async () =>
      (await home(["ledger", "list", "--data", anna, "--json"])).json[0]?.["receipts"]
    expect(await receipts()).toMatchObject([{ id, name: "list.txt", sizeBytes: 6 }])
    expect((await home(["ledger", "detach", id.slice(0, 8), "--data", anna])).code).toBe(0)
    expect(await receipts()).toEqual([])
    expect((await home(["blob", "show", id, "--data", anna])).code).toBe(2)
  })
})
