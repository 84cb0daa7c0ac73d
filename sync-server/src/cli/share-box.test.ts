import { existsSync, readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import { testBox } from "./testing/box.js"
import { countedWay } from "./testing/counted-way.js"
import { testRelay } from "./testing/relay.js"
import { foundIn, home, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)

/** Its own relay, with a counted way to it, and its own box. */
const household = async (name: string) => {
  const relay = await testRelay(folder.path(name, "relay"))
  const way = await countedWay(relay.url)
  const box = await testBox(folder.path(name, "box"))
  const dir = folder.path(name, "phone")
  const founded = await foundIn(dir, "--relay", way.url)
  const done = async (...args: readonly string[]) => {
    const ran = await home([...args, "--data", dir, "--json"])
    expect([args, ran.code, ran.err]).toEqual([args, 0, expect.any(String)])
    return ran.json
  }
  const inShare = (...args: readonly string[]) => done(...args, "--share", "Holiday")
  await done("claim", box.claim)
  await done("sync")
  const notes = async (): Promise<string> => JSON.stringify(await inShare("export", "notes"))
  /** Syncs until the notes say it: what comes goes by boxes, and nobody waits for them. */
  const reads = async (text: string): Promise<void> => {
    for (let tries = 0; tries < 40 && !(await notes()).includes(text); tries++) await inShare("sync")
    expect(await notes()).toContain(text)
  }
  const relays = async () =>
    (await inShare("status")).flatMap(line => (line["kind"] === "relay" ? [line["peer"]] : []))
  const keeps = (): boolean =>
    existsSync(folder.path(name, "box", "shares")) &&
    readdirSync(folder.path(name, "box", "shares")).some(share =>
      existsSync(folder.path(name, "box", "shares", share, "vault")),
    )
  return { dir, way, relay, box, founded, done, inShare, notes, reads, relays, keeps }
}

const filesIn = (dir: string): readonly Buffer[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? filesIn(join(dir, entry.name)) : [readFileSync(join(dir, entry.name))],
  )

/** What a relay has stored: blobs and their bytes, a room each. */
const storedAt = (dir: string): readonly { readonly blobs: number; readonly bytes: number }[] => {
  const file = readdirSync(dir).find(name => name.endsWith(".sqlite"))
  const database = new Database(join(dir, file ?? ""))
  const rows = database
    .prepare("SELECT count(*) AS blobs, sum(length(blob)) AS bytes FROM blobs GROUP BY room ORDER BY 1")
    .all()
  database.close()
  return rows as readonly { readonly blobs: number; readonly bytes: number }[]
}

describe("a share with boxes in it", { timeout: 120_000 }, () => {
  it("[C88] [B30] goes from one family's relay to the other's by the boxes alone, and ends at both", async () => {
    const [anna, otto] = [await household("anna"), await household("otto")]
    const family = String(otto.founded["family"]).slice(0, 8)
    const [card, foreign] = [await anna.done("contact", "show"), await otto.done("contact", "show")]
    await anna.done("contact", "add", String(foreign[0]?.["card"]))
    await otto.done("contact", "add", String(card[0]?.["card"]))

    await anna.done("share", "create", "Holiday", "--with", family, "--box")
    await otto.done("share", "accept", "Holiday", "--box")
    expect(await anna.relays()).toEqual([anna.way.url])
    expect(await otto.relays()).toEqual([otto.way.url])
    expect([anna.keeps(), otto.keeps()]).toEqual([true, true])

    await anna.inShare("note", "add", "Tent pegs")
    await otto.inShare("note", "add", "Stove gas")
    // The box is on the line to the other relay all the time: whoever else dials it is counted.
    const dialled = [anna.way.count(), otto.way.count()]
    await anna.inShare("sync")
    expect(otto.way.count()).toBe(dialled[1])
    await otto.inShare("sync")
    expect(anna.way.count()).toBe((dialled[0] ?? 0) + 1)
    await anna.reads("Stove")
    await otto.reads("Tent")
    expect(await anna.notes()).toBe(await otto.notes())

    // Whose side was taken out hears of it at its own relay, and finds no new room.
    await anna.done("share", "revoke", "Holiday", "--yes")
    await anna.inShare("note", "add", "After the end")
    await anna.inShare("sync")
    let code = 0
    for (let tries = 0; tries < 40 && code === 0; tries++)
      code = (await home(["sync", "--share", "Holiday", "--data", otto.dir])).code
    expect(code).toBe(3)
    expect(await otto.notes()).not.toContain("After the end")
    for (let tries = 0; tries < 40 && otto.keeps(); tries++) await otto.done("sync")
    expect([anna.keeps(), otto.keeps()]).toEqual([true, false])
    for (const one of [anna, otto]) {
      await one.box.close()
      await one.way.close()
      await one.relay.close()
    }
    // The relays hold rooms and blobs, and no word of what is in them; the offer lies at one of them.
    const stored = [storedAt(folder.path("anna", "relay")), storedAt(folder.path("otto", "relay"))]
    expect(stored.map(rooms => rooms.filter(({ bytes }) => bytes === 233).length)).toEqual([2, 0])
    for (const dir of ["anna", "otto"])
      for (const bytes of filesIn(folder.path(dir, "relay")))
        for (const word of ["Tent", "Stove", "Holiday", "Muster"]) expect(bytes.includes(word)).toBe(false)
  })
})
