import { writeFileSync } from "node:fs"
import { afterAll, describe, expect, it } from "vitest"
import { testBox } from "./testing/box.js"
import { calendarFile } from "./testing/fixtures.js"
import { testRelay } from "./testing/relay.js"
import { foundIn, home, joinFamily, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)

const exported = async (dir: string, area: string): Promise<string> => {
  const { out } = await home(["export", area, "--data", dir])
  return out.join("\n")
}

describe("sync", () => {
  it("[C30] [C24] brings two devices to the same export, through a relay alone and with a box", async () => {
    const relay = await testRelay(folder.path("relay"))
    const box = await testBox(folder.path("box"))
    const [anna, ben] = [folder.path("anna"), folder.path("ben")]
    await foundIn(anna, "--relay", relay.url)
    const atRelay = { peer: relay.url, kind: "relay", settled: true, missingThere: 0, missingHere: 0 }
    await joinFamily(anna, ben)
    const calendar = folder.path("calendar.ics")
    writeFileSync(calendar, calendarFile)
    await home(["import", calendar, "--data", anna])
    for (const dir of [anna, ben]) {
      const ran = await home(["sync", "--once", "--data", dir, "--json"])
      expect([ran.code, ran.json]).toEqual([0, [atRelay]])
    }
    expect(await exported(ben, "plans")).toContain("Dentist")
    expect(await exported(ben, "plans")).toBe(await exported(anna, "plans"))

    expect((await home(["claim", box.claim, "--data", anna])).code).toBe(0)
    await home(["note", "add", "Soup", "--body", "Salt", "--data", ben])
    for (const dir of [ben, anna]) {
      expect((await home(["sync", "--data", dir])).code).toBe(0)
    }
    await relay.close()
    // With the relay gone, whoever knows the box goes on, and says who was not reached.
    await home(["note", "add", "Tea", "--data", anna])
    const alone = await home(["sync", "--timeout", "5", "--data", anna, "--json"])
    expect(alone.code).toBe(0)
    expect(alone.json.map(({ kind, settled }) => [kind, settled])).toEqual([
      ["box", true],
      ["relay", false],
    ])
    expect(alone.json[1]?.["missingThere"]).toBeGreaterThan(0)
    expect(await exported(anna, "notes")).toContain("Salt")
    await box.close()
  })

  it("[C31] ends with 5 when nobody is there, in time", async () => {
    const dir = folder.path("alone")
    await foundIn(dir)
    expect((await home(["sync", "--once", "--data", dir])).code).toBe(5)
    const lost = folder.path("lost")
    await foundIn(lost, "--relay", "ws://127.0.0.1:1")
    const ran = await home(["sync", "--once", "--timeout", "1", "--data", lost, "--json"])
    expect(ran.code).toBe(5)
    expect(ran.json).toEqual([
      {
        peer: "ws://127.0.0.1:1",
        kind: "relay",
        settled: false,
        missingThere: expect.any(Number),
        missingHere: null,
      },
      { error: { kind: "unreachable", message: expect.any(String) }, exitCode: 5 },
    ])
  })

  it("[C33] tells where everybody stands without asking", async () => {
    const relay = await testRelay(folder.path("status", "relay"))
    const box = await testBox(folder.path("status", "box"))
    const [anna, ben] = [folder.path("status", "anna"), folder.path("status", "ben")]
    await foundIn(anna, "--relay", relay.url)
    await home(["claim", box.claim, "--data", anna])
    await joinFamily(anna, ben)
    await home(["note", "add", "Soup", "--data", anna])
    const before = (await home(["status", "--data", anna, "--json"])).json
    expect(before[0]).toMatchObject({
      name: "Muster",
      late: 0,
      documents: expect.any(Number),
      boxes: [box.address],
    })
    expect(
      before
        .slice(1)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(["box", "device", "relay"])
    for (const line of before.slice(1)) expect(line["missingThere"]).toBeGreaterThan(0)
    for (const dir of [anna, ben, anna]) await home(["sync", "--data", dir])
    const after = (await home(["status", "--data", anna, "--json"])).json
    const kinds = (kind: string) => after.filter(line => line["kind"] === kind)
    expect(kinds("relay")).toMatchObject([{ missingThere: 0, missingHere: null }])
    expect(kinds("box")).toMatchObject([{ missingThere: 0, missingHere: 0, heardAtMs: expect.any(Number) }])
    expect(kinds("device")).toMatchObject([{ name: "Ben", missingHere: 0, heardAtMs: expect.any(Number) }])
    await box.close()
    await relay.close()
  })

  it("[C34] finds a box that was claimed after this device joined", async () => {
    const relay = await testRelay(folder.path("c34", "relay"))
    const box = await testBox(folder.path("c34", "box"))
    const [anna, ben] = [folder.path("c34", "anna"), folder.path("c34", "ben")]
    await foundIn(anna, "--relay", relay.url)
    await joinFamily(anna, ben)
    const boxesOf = async (dir: string) =>
      (await home(["status", "--data", dir, "--json"])).json[0]?.["boxes"]

    expect((await home(["claim", box.claim, "--data", anna])).code).toBe(0)
    for (const dir of [anna, ben]) expect((await home(["sync", "--data", dir])).code).toBe(0)
    await relay.close()
    expect(await boxesOf(ben)).toEqual([])
    await home(["note", "add", "Soup", "--data", ben])
    const ran = await home(["sync", "--timeout", "5", "--data", ben, "--json"])
    expect(ran.code).toBe(0)
    expect(ran.json.map(({ kind, settled }) => [kind, settled])).toEqual([
      ["box", true],
      ["relay", false],
    ])
    expect(await boxesOf(ben)).toEqual([box.address])
    expect((await home(["sync", "--timeout", "5", "--data", anna])).code).toBe(0)
    expect(await exported(anna, "notes")).toContain("Soup")
    await box.close()
  })
})

describe("late edits", () => {
  it("[C50] are listed, and accepted or discarded", async () => {
    const relay = await testRelay(folder.path("late", "relay"))
    const [anna, ben] = [folder.path("late", "anna"), folder.path("late", "ben")]
    await foundIn(anna, "--relay", relay.url)
    await joinFamily(anna, ben)
    await home(["remove", "Ben", "--yes", "--data", anna])
    // Ben has not heard of it, and goes on.
    await home(["note", "add", "Late one", "--data", ben])
    await home(["chat", "send", "late two", "--data", ben])
    const stick = folder.path("late", "stick")
    await home(["archive", "export", stick, "--data", ben])
    await home(["archive", "import", stick, "--data", anna])
    await relay.close()
    const listed = (await home(["late", "list", "--data", anna, "--json"])).json
    expect(listed.length).toBeGreaterThan(1)
    expect(listed[0]).toMatchObject({ name: "Ben", changes: expect.any(Number), late: expect.any(String) })
    expect(await exported(anna, "notes")).not.toContain("Late one")
    const notes = listed.filter(({ area }) => area === "catalogue")
    for (const { late } of notes) {
      expect((await home(["late", "accept", String(late).slice(0, 16), "--data", anna])).code).toBe(0)
    }
    expect(await exported(anna, "notes")).toContain("Late one")
    expect((await home(["late", "discard", "all", "--data", anna])).code).toBe(0)
    expect((await home(["late", "list", "--data", anna, "--json"])).json).toEqual([])
    expect(await exported(anna, "chat")).not.toContain("late two")
    expect((await home(["late", "accept", "ffff", "--data", anna])).code).toBe(2)
  })
})
