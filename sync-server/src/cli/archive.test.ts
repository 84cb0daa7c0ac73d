import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createSealer } from "@home/crypto"
import type { Clock } from "@home/shared/base"
import fc from "fast-check"
import { afterAll, describe, expect, it } from "vitest"
import { systemClock, systemRandom } from "../profile/platform.js"
import { defaultRelayLimits } from "../relay/limits.js"
import { readBundleFile } from "./bundle-file.js"
import { testRelay } from "./testing/relay.js"
import { foundIn, home, joinFamily, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)
const sealer = createSealer({ random: systemRandom })

const notesIn = async (dir: string) =>
  (await home(["note", "list", "--data", dir, "--json"])).json.map(({ title }) => title)

describe("a file of bundles", () => {
  it("[C40] carries the family's documents to another device", async () => {
    const [anna, ben, stick] = [folder.path("anna"), folder.path("ben"), folder.path("stick")]
    await foundIn(anna)
    await joinFamily(anna, ben)
    await home(["note", "add", "Soup", "--body", "Salt", "--data", anna])
    const written = await home(["archive", "export", stick, "--data", anna, "--json"])
    const { bundles } = written.json[0] ?? {}
    expect(written.json).toEqual([
      { file: stick, bundles: expect.any(Number), bytes: readFileSync(stick).length },
    ])
    const read = await home(["archive", "import", stick, "--data", ben, "--json"])
    expect(read.json).toEqual([{ file: stick, bundles, added: expect.any(Number), parked: 0, refused: {} }])
    expect(read.json[0]?.["added"]).toBeGreaterThan(0)
    expect(await notesIn(ben)).toEqual(["Soup"])
    expect((await home(["archive", "import", stick, "--data", ben, "--json"])).json[0]).toMatchObject({
      added: 0,
    })
    expect(readFileSync(stick).toString("latin1")).not.toContain("Soup")
  })

  it("[C41] is refused, with the position, wherever it was damaged", async () => {
    const whole = readFileSync(folder.path("stick"))
    const damaged = folder.path("damaged")
    const errorOf = async (bytes: Uint8Array) => {
      writeFileSync(damaged, bytes)
      for await (const batch of readBundleFile(sealer, damaged)) if (!batch.ok) return batch.error
      return undefined
    }
    expect(await errorOf(whole)).toBeUndefined()
    const place = fc.nat(whole.length - 1)
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const altered = Uint8Array.from(whole)
        altered[at] = (altered[at] ?? 0) ^ change
        const error = await errorOf(altered)
        expect(error?.position).toBeLessThanOrEqual(at)
      }),
      { numRuns: 60 },
    )
    await fc.assert(
      fc.asyncProperty(place, async length => {
        expect(await errorOf(whole.subarray(0, length))).toMatchObject({ position: expect.any(Number) })
      }),
      { numRuns: 40 },
    )
    expect(await errorOf(Uint8Array.of(...whole, 0))).toMatchObject({ position: whole.length })
    writeFileSync(damaged, whole.subarray(0, whole.length - 100))
    const cleo = folder.path("cleo")
    await foundIn(cleo)
    const ran = await home(["archive", "import", damaged, "--data", cleo, "--json"])
    expect(ran.code).toBe(4)
    expect(ran.json[0]?.["error"]).toMatchObject({
      kind: "unreadable",
      file: damaged,
      position: expect.any(Number),
    })
    expect((await home(["archive", "import", folder.path("none"), "--data", cleo])).code).toBe(4)
  })
})

describe("recovery", () => {
  it("[C42] needs the phrase and a file or a relay, and nothing else", async () => {
    const relay = await testRelay(folder.path("relay"))
    const anna = folder.path("lost", "anna")
    const { recoveryPhrase, family, member } = await foundIn(anna, "--relay", relay.url)
    await home(["note", "add", "Soup", "--body", "Salt", "--data", anna])
    await home(["sync", "--data", anna])
    const stick = folder.path("lost", "stick")
    await home(["archive", "export", stick, "--data", anna])
    const env = {
      HOME_PASSPHRASE: "another",
      HOME_PASSPHRASE_COST: "floor",
      HOME_RECOVERY_PHRASE: String(recoveryPhrase).toUpperCase(),
    }
    const [fromFile, fromRelay] = [folder.path("lost", "file"), folder.path("lost", "relay")]
    const recovered = { family, member, device: expect.any(String), bundles: expect.any(Number) }
    const first = await home(["recover", "--archive", stick, "--data", fromFile, "--json"], { env })
    expect([first.code, first.json]).toEqual([0, [recovered]])
    const second = await home(["recover", "--relay", relay.url, "--data", fromRelay, "--json"], { env })
    expect([second.code, second.json]).toEqual([0, [recovered]])
    expect((await home(["sync", "--data", fromRelay], { env })).code).toBe(0)
    await relay.close()
    for (const dir of [fromFile, fromRelay]) {
      const note = await home(["note", "show", "Soup", "--data", dir, "--json"], { env })
      expect(note.json[0]).toMatchObject({ body: "Salt" })
      expect((await home(["note", "add", "Tea", "--data", dir], { env })).code).toBe(0)
    }
  })

  it("[C46] from a relay needs nobody's device but one that answers for the log: the founder's is gone, all has expired", async () => {
    const tickMs = 20
    let skewMs = 0
    let ticks = 0
    const clock: Clock = {
      now: () => systemClock.now() + skewMs,
      after: (ms, run) => {
        if (ms === tickMs) ticks++
        return systemClock.after(ms, run)
      },
    }
    const relay = await testRelay(folder.path("ttl", "relay"), { tickMs }, clock)
    const [anna, ben, again] = ["anna", "ben", "again"].map(name => folder.path("ttl", name))
    if (anna === undefined || ben === undefined || again === undefined) throw new Error("three folders")
    const { recoveryPhrase } = await foundIn(anna, "--relay", relay.url)
    await joinFamily(anna, ben)
    await home(["note", "add", "Soup", "--body", "Salt", "--data", anna])
    expect((await home(["sync", "--data", anna])).code).toBe(0)
    expect((await home(["sync", "--data", ben])).code).toBe(0)
    expect((await home(["role", "Ben", "admin", "--data", anna])).code).toBe(0)
    for (const dir of [anna, ben]) expect((await home(["sync", "--data", dir])).code).toBe(0)
    rmSync(anna, { recursive: true })

    const env = {
      HOME_PASSPHRASE: "another",
      HOME_PASSPHRASE_COST: "floor",
      HOME_RECOVERY_PHRASE: String(recoveryPhrase),
    }
    const recovering = ["recover", "--relay", relay.url, "--data", again, "--json"]
    skewMs = 2 * defaultRelayLimits.ttlMs
    // The relay asks for its next tick once what is too old is gone; the one under way may have looked at the time before.
    const before = ticks
    await expect.poll(() => ticks, { timeout: 20_000 }).toBeGreaterThan(before + 1)
    expect((await home(recovering, { env })).code).toBe(6)
    expect((await home(["sync", "--data", ben])).code).toBe(0)
    expect((await home(recovering, { env })).code).toBe(0)
    // The keys of all content are back; the content itself comes from whoever has it.
    const stick = folder.path("ttl", "stick")
    await home(["archive", "export", stick, "--data", ben])
    expect((await home(["archive", "import", stick, "--data", again], { env })).code).toBe(0)
    const note = await home(["note", "show", "Soup", "--data", again, "--json"], { env })
    expect(note.json[0]).toMatchObject({ body: "Salt" })
    await relay.close()
  })

  it("[X1][C47][C48] words that were used remove the lost device, then others take their place", async () => {
    const relay = await testRelay(folder.path("words", "relay"))
    const [anna, again, third] = ["anna", "again", "third"].map(name => folder.path("words", name))
    if (anna === undefined || again === undefined || third === undefined) throw new Error("three folders")
    const { recoveryPhrase, device } = await foundIn(anna, "--relay", relay.url)
    await home(["sync", "--data", anna])
    const envOf = (words: unknown) => ({
      HOME_PASSPHRASE: "another",
      HOME_PASSPHRASE_COST: "floor",
      HOME_RECOVERY_PHRASE: String(words),
    })
    const recover = (dir: string, words: unknown) =>
      home(["recover", "--relay", relay.url, "--data", dir], { env: envOf(words) })
    const inAgain = (words: unknown, ...args: string[]) =>
      home([...args, "--data", again, "--json"], { env: envOf(words) })
    expect((await recover(again, recoveryPhrase)).code).toBe(0)
    expect((await inAgain(recoveryPhrase, "phrase", "check")).json).toEqual([{ current: true }])

    const removal = ["remove", String(device), "--yes"]
    expect((await inAgain(recoveryPhrase, ...removal, "--phrase")).code).toBe(0)
    expect((await inAgain(recoveryPhrase, "sync")).code).toBe(0)
    const cardOf = async () => String((await inAgain(recoveryPhrase, "contact", "show")).json[0]?.["card"])
    const card = await cardOf()
    const replaced = await inAgain(recoveryPhrase, "phrase", "new")
    const words = replaced.json[0]?.["recoveryPhrase"]
    expect(replaced.json).toEqual([{ recoveryPhrase: words, current: false }, { current: true }])
    expect(String(words).split(" ")).toHaveLength(24)
    // Another phrase is another card for other families.
    expect([card, await cardOf()]).toEqual([card, expect.stringMatching(/^homecard1-/)])
    expect(await cardOf()).not.toBe(card)
    expect((await inAgain(recoveryPhrase, "phrase", "check")).code).toBe(6)
    expect((await inAgain(recoveryPhrase, "phrase", "new")).code).toBe(6)
    expect((await inAgain(words, "phrase", "check")).code).toBe(0)

    expect((await inAgain(words, "sync")).code).toBe(0)
    await home(["sync", "--data", anna])
    expect((await home(["note", "add", "Still here?", "--data", anna])).code).toBe(3)
    expect((await recover(third, words)).code).toBe(0)
    await relay.close()
  })

  it("[C47] without the old words only the founder makes new ones", async () => {
    const [anna, ben] = [folder.path("without", "anna"), folder.path("without", "ben")]
    const { recoveryPhrase } = await foundIn(anna)
    await joinFamily(anna, ben)
    expect((await home(["phrase", "new", "--lost", "--data", ben])).code).toBe(3)
    const replaced = await home(["phrase", "new", "--lost", "--data", anna, "--json"])
    const words = replaced.json[0]?.["recoveryPhrase"]
    expect([replaced.code, replaced.json.at(-1)]).toEqual([0, { current: true }])
    const check = async (phrase: unknown): Promise<number> => {
      const env = { HOME_PASSPHRASE: "correct horse", HOME_RECOVERY_PHRASE: String(phrase) }
      return (await home(["phrase", "check", "--data", anna], { env })).code
    }
    expect([await check(recoveryPhrase), await check(words)]).toEqual([6, 0])
  })

  it("[C44] that ends in its midst leaves no profile, and is done again", async () => {
    const { recoveryPhrase } = await foundIn(folder.path("half", "anna"))
    const stick = folder.path("half", "stick")
    await home(["archive", "export", stick, "--data", folder.path("half", "anna")])
    const dir = folder.path("half", "again")
    const env = {
      HOME_PASSPHRASE: "another",
      HOME_PASSPHRASE_COST: "floor",
      HOME_RECOVERY_PHRASE: String(recoveryPhrase),
    }
    const recovering = ["recover", "--archive", stick, "--data", dir, "--json"]
    // Where the new profile is being filled, not before.
    const onProgress = (): void => {
      if (existsSync(join(dir, "profile.db"))) throw new Error("out of power")
    }
    await expect(home(recovering, { env, onProgress })).rejects.toThrow("out of power")
    expect((await home(["status", "--data", dir], { env })).code).toBe(2)
    expect((await home(recovering, { env })).code).toBe(0)
    expect((await home(["note", "add", "Tea", "--data", dir], { env })).code).toBe(0)
  })

  it("[C43] refuses a phrase that is none, and one of another family", async () => {
    const stick = folder.path("stick")
    const dir = folder.path("never")
    const { recoveryPhrase } = await foundIn(folder.path("stranger"))
    const words = String(recoveryPhrase).split(" ")
    const swapped = [words[1], words[0], ...words.slice(2)].join(" ")
    for (const phrase of ["one two", swapped, [...words.slice(1), "home"].join(" "), words.join(" ")]) {
      const env = { HOME_PASSPHRASE: "x", HOME_PASSPHRASE_COST: "floor", HOME_RECOVERY_PHRASE: phrase }
      expect((await home(["recover", "--archive", stick, "--data", dir], { env })).code).toBe(6)
    }
    expect((await home(["recover", "--archive", stick, "--data", dir])).code).toBe(2)
    expect((await home(["recover", "--data", dir])).code).toBe(2)
    expect((await home(["status", "--data", dir])).code).toBe(2)
  })
})
