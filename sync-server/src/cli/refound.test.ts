import { readFileSync, writeFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { calendarFile } from "./testing/fixtures.js"
import { foundIn, home, inviting, joinFamily, joinIn, scratch } from "./testing/test-home.js"

const folder = scratch()
const [anna, ben, again] = [folder.path("anna"), folder.path("ben"), folder.path("again")]
const photo = folder.path("photo.jpg")
let file = ""

const done = async (dir: string, ...args: string[]) => {
  const ran = await home([...args, "--data", dir, "--json"])
  expect([args, ran.code, ran.json.at(-1)?.["error"]]).toEqual([args, 0, undefined])
  return ran.json
}
const shown = async (dir: string, ...more: string[]) => {
  const lines: unknown[] = []
  for (const area of ["ledger", "notes", "plans", "chat"])
    lines.push(...(await done(dir, "export", area, ...more)))
  return lines
}
const refound = (to: string, from: string) =>
  home(["refound", "Muster anew", "--member", "Ben", "--from", from, "--data", to, "--json"])

beforeAll(async () => {
  await foundIn(anna)
  const calendar = folder.path("calendar.ics")
  writeFileSync(calendar, calendarFile)
  await done(anna, "import", calendar)
  await done(anna, "ledger", "add", "12.50", "Bakery", "--currency", "EUR")
  await done(anna, "chat", "send", "hello")
  await joinFamily(anna, ben)
  await done(anna, "archive", "export", folder.path("stick"))
  await done(ben, "archive", "import", folder.path("stick"))
  const [added] = await done(ben, "ledger", "add", "3", "Kiosk", "--currency", "EUR")
  writeFileSync(photo, Buffer.alloc(100_000, 7))
  const [attached] = await done(ben, "ledger", "attach", String(added?.["added"]), photo)
  file = String(attached?.["attached"])
  await done(ben, "note", "add", "Attic", "--body", "boxes")
  await done(ben, "circle", "create", "Mine")
  await done(ben, "note", "add", "Secret", "--circle", "Mine")
})
afterAll(folder.remove)

describe("founding anew", () => {
  it("[C10a] carries over all that a device shows, with who wrote what, and leaves the old family as it is", async () => {
    const before = await done(ben, "status")
    const ran = await refound(again, ben)
    expect(ran.code).toBe(0)
    const [old] = await done(ben, "members")
    expect(ran.json[0]).toMatchObject({
      name: "Muster anew",
      carried: { circles: 1, files: 1, missingFiles: 0 },
      recoveryPhrase: expect.stringMatching(/^(\w+ ){23}\w+$/) as unknown,
    })
    expect(ran.json[0]?.["family"]).not.toBe(old?.["family"])
    expect(await shown(again)).toEqual(await shown(ben))
    expect(await shown(again, "--circle", "Mine")).toEqual(await shown(ben, "--circle", "Mine"))
    await done(again, "blob", "get", file, "--out", folder.path("photo again.jpg"))
    expect(readFileSync(folder.path("photo again.jpg"))).toEqual(readFileSync(photo))
    expect(await done(ben, "status")).toEqual(before)
  })

  it("[C10b] gives somebody who comes back what he wrote, once", async () => {
    const [annas] = (await done(ben, "members")).filter(({ name }) => name === "Anna")
    const { used } = await inviting(again, text => joinIn(folder.path("anna again"), text, "Anna"), {
      args: ["--yes", "--role", "admin", "--as", "anna"],
    })
    expect(used.json[0]?.["member"]).toBe(annas?.["member"])
    for (const args of [
      ["--as", "Anna"],
      ["--as", "Nobody"],
      ["--as", "Anna", "--own-device"],
    ])
      expect((await home(["invite", "--yes", ...args, "--data", again])).code).toBe(2)
  })

  it("[C10a] takes no folder that holds a device, no wrong passphrase, and leaves nothing behind", async () => {
    expect((await refound(anna, ben)).code).toBe(2)
    const to = folder.path("nothing")
    expect((await refound(to, folder.path("nobody"))).code).toBe(2)
    const wrong = await home(["refound", "X", "--member", "Ben", "--from", ben, "--data", to], {
      env: { HOME_PASSPHRASE: "wrong", HOME_PASSPHRASE_COST: "floor" },
    })
    expect(wrong.code).toBe(6)
    expect((await home(["members", "--data", to])).code).toBe(2)
  })
})
