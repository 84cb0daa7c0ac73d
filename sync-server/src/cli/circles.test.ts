import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { machineKind } from "../profile/platform.js"
import { testBox } from "./testing/box.js"
import { calendarFile } from "./testing/fixtures.js"
import { foundIn, home, joinFamily, scratch } from "./testing/test-home.js"

const folder = scratch()
const [anna, ben, kid] = [folder.path("anna"), folder.path("ben"), folder.path("kid")]
let box: Awaited<ReturnType<typeof testBox>> | undefined
const hex32: unknown = expect.stringMatching(/^[0-9a-f]{32}$/)

const run = async (dir: string, ...args: string[]) => {
  const ran = await home([...args, "--data", dir, "--json"])
  return { code: ran.code, json: ran.json }
}
const done = async (dir: string, ...args: string[]) => {
  const { code, json } = await run(dir, ...args)
  expect([args, code, json.at(-1)?.["error"]]).toEqual([args, 0, undefined])
  return json
}
const sync = async (...dirs: string[]): Promise<void> => {
  for (const dir of dirs) await done(dir, "sync", "--once")
}
const payees = async (dir: string, ...more: string[]) =>
  (await done(dir, "ledger", "list", ...more)).map(({ payee }) => payee).sort()
const bundlesOf = async (dir: string) => (await done(dir, "status"))[0]?.["bundles"]

beforeAll(async () => {
  box = await testBox(folder.path("box"))
  await foundIn(anna)
  await done(anna, "claim", box.claim)
  await joinFamily(anna, ben, "Ben", "--role", "admin")
  await joinFamily(anna, kid, "Kid", "--role", "user")
  await sync(anna, ben, kid)
})
afterAll(async () => {
  await box?.close()
  folder.remove()
})

describe("circles", { timeout: 240_000 }, () => {
  it("[C90] are made of oneself and others; whoever is outside sees who is in them and not what they are called", async () => {
    const [made] = await done(anna, "circle", "create", "Adults", "ben")
    const shown = {
      circle: hex32,
      name: "Adults",
      everyone: false,
      onlyMe: false,
      reads: true,
      box: false,
      members: [
        { member: hex32, name: "Anna" },
        { member: hex32, name: "Ben" },
      ],
    }
    expect(made).toEqual(shown)
    await sync(anna, ben, kid)
    const everyone = expect.objectContaining({ everyone: true, name: "", box: true }) as unknown
    expect(await done(ben, "circle", "list")).toEqual([everyone, shown])
    expect(await done(kid, "circle", "list")).toEqual([everyone, { ...shown, name: "", reads: false }])
    // Who may: an admin others, anybody himself; and no two circles of one name.
    expect((await run(kid, "circle", "create", "Ours", "Anna")).code).toBe(3)
    for (const name of ["adults", "everyone", " "])
      expect([name, (await run(anna, "circle", "create", name)).code]).toEqual([name, 2])
    expect((await done(kid, "circle", "create", "Diary"))[0]).toMatchObject({ name: "Diary", onlyMe: true })
  })

  it("[C91] hold documents of their own, for those alone who are in them", async () => {
    const calendar = folder.path("calendar.ics")
    writeFileSync(calendar, calendarFile)
    const inAdults = ["--circle", "Adults"]
    await done(anna, "ledger", "add", "90", "Notary", "--currency", "EUR", ...inAdults)
    await done(anna, "ledger", "add", "3", "Baker", "--currency", "EUR")
    await done(anna, "note", "add", "Will", "--body", "To Ben.", ...inAdults)
    await done(anna, "plan", "add", "Lawyer", "--due", "2026-12-01", ...inAdults)
    await done(anna, "chat", "send", "not a word to Kid", ...inAdults)
    await done(anna, "import", calendar, ...inAdults)
    expect((await done(anna, "import", calendar, ...inAdults))[0]).toMatchObject({ added: 0 })
    expect((await done(anna, "import", calendar, "--dry-run"))[0]).toMatchObject({ added: 2 })
    await sync(anna, ben, kid)
    expect([await payees(ben), await payees(ben, ...inAdults)]).toEqual([["Baker"], ["Notary"]])
    expect((await done(ben, "note", "show", "Will", ...inAdults))[0]).toMatchObject({ body: "To Ben." })
    expect((await done(ben, "note", "list")).length).toBe(0)
    const room = await done(ben, "chat", "list", ...inAdults)
    expect(room.flatMap(({ text }) => text ?? [])).toEqual(["not a word to Kid"])
    expect(room.flatMap(({ notice }) => notice ?? [])).toEqual(["circleMade"])
    const plans = JSON.stringify(await done(ben, "plan", "list", ...inAdults))
    for (const title of ["Lawyer", "Dentist"]) expect(plans).toContain(title)
    expect(JSON.stringify(await done(ben, "plan", "list"))).not.toContain("Lawyer")
    for (const area of ["ledger", "notes"])
      expect(await done(ben, "export", area, ...inAdults)).toEqual(
        await done(anna, "export", area, ...inAdults),
      )
    expect(JSON.stringify(await done(ben, "export", "notes"))).not.toContain("To Ben.")

    const [, adults] = await done(kid, "circle", "list")
    const id = String(adults?.["circle"])
    const before = await bundlesOf(kid)
    expect((await run(kid, "ledger", "list", "--circle", id)).code).toBe(3)
    expect((await run(kid, "note", "add", "Mine", "--circle", id)).code).toBe(3)
    expect((await run(kid, "note", "add", "Mine", ...inAdults)).code).toBe(2)
    expect(await bundlesOf(kid)).toBe(before)
    expect(await payees(kid)).toEqual(["Baker"])
  })

  it("[C91] a file that is attached in a circle is found there", async () => {
    const bill = folder.path("bill.txt")
    writeFileSync(bill, "ninety")
    const [entry] = await done(anna, "ledger", "list", "--circle", "Adults")
    const [attached] = await done(anna, "ledger", "attach", String(entry?.["id"]), bill)
    await sync(anna, ben)
    const file = String(attached?.["attached"])
    await done(anna, "blob", "get", file, "--out", folder.path("bill.out"))
    expect((await done(ben, "blob", "show", file))[0]).toMatchObject({ name: "bill.txt" })
    expect((await run(kid, "blob", "show", file)).code).toBe(2)
  })

  it("[C17a] which circles a device reads, and when it was heard of, stands in the list of members", async () => {
    const devicesIn = async (dir: string) =>
      (await done(dir, "members")).map(({ name, devices }) => [name, ...(devices as { reads: object[] }[])])
    const [adults] = (await done(anna, "circle", "list")).filter(({ name }) => name === "Adults")
    const reads = (...names: string[]) => ({ reads: names.map(name => ({ circle: hex32, name })) })
    const seenByAnna = new Map((await devicesIn(anna)).map(([name, device]) => [name, device] as const))
    expect(seenByAnna.get("Anna")).toMatchObject({ ...reads("everyone", "Adults"), heardAtMs: null })
    expect(seenByAnna.get("Ben")).toMatchObject({ ...reads("everyone", "Adults"), platform: machineKind() })
    expect(seenByAnna.get("Box")).toMatchObject({ platform: "box", heardAtMs: expect.any(Number) as number })
    const seenByKid = new Map((await devicesIn(kid)).map(([name, device]) => [name, device] as const))
    expect(seenByKid.get("Ben")).toMatchObject({
      reads: [{ name: "everyone" }, { circle: adults?.["circle"], name: "" }],
    })
  })

  it("[C18f] [C92] who is put in reads what was; who is taken out keeps it, and nothing that comes later", async () => {
    expect((await run(ben, "circle", "remove", "Adults", "Anna")).code).toBe(3)
    expect((await run(ben, "circle", "add", "everyone", "Kid")).code).toBe(2)
    await done(anna, "circle", "add", "Adults", "Kid")
    await sync(anna, kid)
    expect(await payees(kid, "--circle", "Adults")).toEqual(["Notary"])
    await done(anna, "circle", "remove", "Adults", "Kid")
    await done(anna, "ledger", "add", "80", "Goldsmith", "--currency", "EUR", "--circle", "Adults")
    await sync(anna, ben, kid)
    expect(await payees(ben, "--circle", "Adults")).toEqual(["Goldsmith", "Notary"])
    const notices = async (...more: string[]) =>
      (await done(ben, "chat", "list", ...more)).flatMap(({ notice }) => notice ?? [])
    expect(await notices("--circle", "Adults")).toEqual(["circleMade", "circleJoined", "circleLeft"])
    expect(await notices()).toEqual(["memberAdmitted"])
    const [, adults] = await done(kid, "circle", "list")
    expect(adults).toMatchObject({ name: "", reads: false })
    expect((await run(kid, "ledger", "list", "--circle", String(adults?.["circle"]))).code).toBe(3)
  })

  it("[C93] the box is put in and left out, and status tells whether what it cannot read is there", async () => {
    await done(anna, "note", "add", "Later", "--circle", "Adults")
    const ofBox = async () =>
      (await done(anna, "status")).find(({ kind }) => kind === "box")?.["missingThere"]
    expect(await ofBox()).toBeGreaterThan(0)
    await sync(anna)
    expect(await ofBox()).toBe(0)
    expect((await run(anna, "circle", "box", "Adults", "out")).code).toBe(2)
    expect((await done(anna, "circle", "box", "Adults", "in"))[0]).toMatchObject({ box: true })
    expect((await run(anna, "circle", "box", "Adults", "in")).code).toBe(2)
    expect((await done(anna, "circle", "box", "Adults", "out"))[0]).toMatchObject({ box: false })
    expect((await run(anna, "circle", "add", "Adults", "Box")).code).toBe(2)
  })

  it("[C94] are called something else by an admin who is in them, or by whose they are alone", async () => {
    expect((await done(anna, "circle", "name", "adults", "Parents"))[0]).toMatchObject({ name: "Parents" })
    expect((await done(kid, "circle", "name", "Diary", "Secrets"))[0]).toMatchObject({ name: "Secrets" })
    expect((await run(anna, "circle", "name", "everyone", "All")).code).toBe(2)
    expect((await run(anna, "circle", "name", "Parents", "only me")).code).toBe(2)
    const notHers = (await done(anna, "circle", "list")).find(({ reads }) => reads === false)
    expect(notHers).toMatchObject({ name: "", members: [{ name: "Kid" }] })
    expect((await run(anna, "circle", "name", String(notHers?.["circle"]), "Found out")).code).toBe(3)
  })

  it("[C96] a note goes to another circle; who does not read that one keeps it as it was and is told", async () => {
    await done(anna, "circle", "create", "Elders", "ben")
    await done(anna, "note", "add", "Surprise", "--body", "what Kid may know", "--tag", "party")
    await sync(anna, ben, kid)
    expect((await run(kid, "circle", "move", "Surprise", "Secrets")).code).toBe(3)
    expect((await run(anna, "circle", "move", "Surprise", "everyone")).code).toBe(2)
    expect((await run(anna, "circle", "move", "family", "Elders")).code).toBe(2)
    const [moved] = await done(anna, "circle", "move", "surprise", "Elders")
    expect(moved).toMatchObject({
      ...{ moved: hex32, kind: "note", title: "Surprise", id: hex32, circle: hex32 },
      kept: [{ member: hex32, name: "Kid" }],
    })
    await sync(anna, ben, kid)
    const inElders = ["--circle", "Elders"]
    for (const dir of [anna, ben]) {
      expect((await done(dir, "note", "list")).map(({ title }) => title)).not.toContain("Surprise")
      expect(await done(dir, "note", "list", ...inElders)).toMatchObject([
        { id: moved?.["id"], title: "Surprise", tags: ["party"] },
      ])
      const [shown] = await done(dir, "note", "show", "Surprise", ...inElders)
      expect(shown).toMatchObject({ body: "what Kid may know" })
    }
    expect((await done(kid, "note", "list")).map(({ title }) => title)).not.toContain("Surprise")
    expect((await done(kid, "note", "show", "Surprise"))[0]).toMatchObject({
      ...{ body: "what Kid may know", movedTo: moved?.["circle"] },
    })
    for (const [dir, reads] of [
      [anna, true],
      [kid, false],
    ] as const)
      expect(await done(dir, "circle", "moved")).toMatchObject([
        {
          moved: moved?.["moved"],
          kind: "note",
          title: "Surprise",
          circle: moved?.["circle"],
          reads,
          name: "Anna",
        },
      ])
    expect((await done(kid, "log")).filter(({ act }) => act === "documentMoved")).toHaveLength(1)
  })

  it("[C21] [C96] a file is imported again after one of its notes was moved: nothing is added", async () => {
    const vault = folder.path("vault")
    mkdirSync(vault)
    for (const name of ["Attic", "Cellar"]) writeFileSync(join(vault, `${name}.md`), `In the ${name}.`)
    expect((await done(anna, "import", vault))[0]).toMatchObject({ added: 2 })
    await done(anna, "circle", "move", "Attic", "Elders")
    for (const more of [["--dry-run"], []])
      expect((await done(anna, "import", vault, ...more))[0]).toMatchObject({ added: 0 })
    expect((await done(anna, "note", "list")).map(({ title }) => title)).not.toContain("Attic")
  })

  it("[C96] from a circle of one's own anybody takes something to the others", async () => {
    await done(kid, "note", "add", "Poem", "--body", "dear all", "--circle", "Secrets")
    const [moved] = await done(kid, "circle", "move", "Poem", "everyone", "--circle", "Secrets")
    expect(moved).toMatchObject({ title: "Poem", kept: [] })
    await sync(kid, anna)
    expect((await done(anna, "note", "show", "Poem"))[0]).toMatchObject({ body: "dear all" })
  })
})
