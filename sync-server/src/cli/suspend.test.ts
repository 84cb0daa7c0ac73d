import { readFileSync, readdirSync } from "node:fs"
import { afterAll, describe, expect, it } from "vitest"
import { testBox } from "./testing/box.js"
import { testRelay } from "./testing/relay.js"
import { foundIn, home, joinFamily, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)

describe("a device that is suspended", () => {
  it("[C18a] [C18b] [C18f] writes nothing that counts until that is lifted, and the log tells of it", async () => {
    const relay = await testRelay(folder.path("relay"))
    const [anna, ben] = [folder.path("anna"), folder.path("ben")]
    await foundIn(anna, "--relay", relay.url)
    await joinFamily(anna, ben)
    const at = async (dir: string, ...args: string[]) => home([...args, "--data", dir, "--json"])
    const sync = async (...dirs: string[]): Promise<void> => {
      for (const dir of dirs) expect((await at(dir, "sync")).code).toBe(0)
    }
    const told = async (dir: string, what: "text" | "notice") =>
      (await at(dir, "chat", "list")).json.flatMap(line => line[what] ?? [])
    const textsAt = (dir: string) => told(dir, "text")
    await sync(ben, anna)
    const { device } = (await at(ben, "status")).json[0] ?? {}
    const id = String(device)
    const short = id.slice(0, 8)

    expect((await at(ben, "suspend", short)).code).toBe(3)
    expect((await at(anna, "resume", short)).code).toBe(3)
    expect((await at(anna, "suspend", short)).json).toEqual([{ suspended: id }])

    // It does not know yet.
    expect((await at(ben, "chat", "send", "meanwhile")).code).toBe(0)
    await sync(ben, anna, ben)
    expect((await at(ben, "status")).json[0]).toMatchObject({ live: true, suspended: true })
    const refused = await at(ben, "chat", "send", "and now?")
    expect(refused.code).toBe(3)
    expect(refused.err).toContain("this device is suspended")
    expect(await textsAt(anna)).toEqual([])
    const held = (await at(anna, "late", "list")).json
    expect(held.map(({ area }) => area)).toContain("chat")
    for (const line of held) expect(line).toMatchObject({ name: "Ben", device: id, held: true })

    expect((await at(anna, "resume", short)).json).toEqual([{ resumed: id }])
    await sync(anna, ben)
    expect((await at(ben, "chat", "send", "thank you")).code).toBe(0)
    await sync(ben, anna)
    expect(await textsAt(anna)).toEqual(["meanwhile", "thank you"])
    expect((await at(anna, "late", "list")).json).toEqual([])
    await relay.close()

    expect(await told(anna, "notice")).toEqual(["memberAdmitted", "deviceSuspended", "deviceResumed"])
    // He was not there when he was let in.
    expect(await told(ben, "notice")).toEqual(["deviceSuspended", "deviceResumed"])
    const room = (await home(["chat", "list", "--data", anna])).out
    expect(room[0]).toMatch(/^[-\d]{10} [\d:]{5} {2}\* Anna took in Ben as editor$/)
    const log = await at(ben, "log")
    expect(log.json.map(({ act, counts, verified }) => [act, counts, verified])).toEqual(
      ["founded", "memberAdmitted", "deviceSuspended", "deviceResumed"].map(act => [act, true, true]),
    )
    const text = (await home(["log", "--data", ben])).out
    expect(text[1]).toMatch(/^[0-9a-f]{12} {2}- {11}Anna took in Ben as editor$/)
    expect(text[2]).toMatch(/^[0-9a-f]{12} {2}[-\d]{10} {2}Anna suspended .* of Ben$/)
  })
})

describe("a guest", () => {
  it("[C18c] is let in until the end of a day, and everybody sees until when", async () => {
    const [anna, gil] = [folder.path("c18c", "anna"), folder.path("c18c", "gil")]
    await foundIn(anna)
    await joinFamily(anna, gil, "Gil", "--role", "guest", "--until", "2099-12-24")
    const endMs = new Date(2099, 11, 25).getTime() - 1
    const members = await home(["members", "--data", anna, "--json"])
    expect(members.json.map(({ untilMs }) => untilMs)).toEqual([null, endMs])
    expect((await home(["members", "--data", gil])).out.join("\n")).toContain("(until 2099-12-24)")
  })
})

describe("a document's policy", () => {
  it("[C18d] closes a year of the ledger to users, and is the admins' to set", async () => {
    const relay = await testRelay(folder.path("c18d", "relay"))
    const [anna, ben] = [folder.path("c18d", "anna"), folder.path("c18d", "ben")]
    await foundIn(anna, "--relay", relay.url)
    await joinFamily(anna, ben, "Ben", "--role", "user")
    const at = async (dir: string, ...args: string[]) => home([...args, "--data", dir, "--json"])
    const add = (dir: string) =>
      at(dir, "ledger", "add", "3.50", "Baker", "--date", "2026-11-02", "--currency", "EUR")
    const open = { area: "ledger", document: "2026", usersWrite: true, guests: [] }
    expect((await at(ben, "policy", "ledger", "2026")).json).toEqual([open])
    expect((await at(ben, "policy", "ledger", "2026", "--users", "no")).code).toBe(3)
    expect((await at(anna, "policy", "ledger", "2026", "--guests", "Ben")).code).toBe(2)
    const closed = await at(anna, "policy", "ledger", "2026", "--users", "no")
    expect(closed.json).toEqual([{ ...open, usersWrite: false }])
    for (const dir of [anna, ben]) expect((await at(dir, "sync")).code).toBe(0)
    const stopped = await add(ben)
    expect([stopped.code, stopped.err]).toEqual([3, expect.stringContaining("closed this document to users")])
    expect((await at(anna, "policy", "ledger", "2026", "--users", "yes")).code).toBe(0)
    for (const dir of [anna, ben]) expect((await at(dir, "sync")).code).toBe(0)
    expect((await add(ben)).code).toBe(0)
    await relay.close()
  })
})

describe("a removed device", () => {
  it("[C18e] erases itself when it hears of it, by a box alone, and says so", async () => {
    const box = await testBox(folder.path("c18e", "box"))
    const [anna, ben] = [folder.path("c18e", "anna"), folder.path("c18e", "ben")]
    await foundIn(anna)
    expect((await home(["claim", box.claim, "--data", anna])).code).toBe(0)
    await joinFamily(anna, ben)
    expect((await home(["chat", "send", "canary", "--data", ben])).code).toBe(0)
    expect((await home(["sync", "--data", anna])).code).toBe(0)
    const onDisk = (): readonly string[] => readdirSync(ben).sort()
    expect(onDisk()).toEqual(expect.arrayContaining(["profile.db", "vault"]))
    expect((await home(["remove", "Ben", "--yes", "--data", anna])).code).toBe(0)
    expect((await home(["sync", "--data", anna])).code).toBe(0)
    const told = await home(["sync", "--data", ben, "--timeout", "5"])
    expect([told.code, told.err]).toEqual([3, expect.stringContaining("has been erased")])
    expect(onDisk()).toEqual(["lock", "removed"])
    expect(readFileSync(`${ben}/removed`)).toHaveLength(0)
    const after = await home(["status", "--data", ben])
    expect([after.code, after.err]).toEqual([3, expect.stringContaining("was removed from the family")])
    await joinFamily(anna, ben)
    expect(onDisk()).not.toContain("removed")
    await box.close()
  })
})
