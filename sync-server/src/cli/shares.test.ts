import { afterAll, describe, expect, it } from "vitest"
import { testRelay } from "./testing/relay.js"
import { foundIn, home, joinFamily, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)

const secret = { anna: "canary of Anna's family", otto: "canary of Otto's family" }

describe("a share", { timeout: 240_000 }, () => {
  it("[X10] [C85] [C86] [C87] [C89] [C89a] brings two families with a relay each together in one place, and in no other", async () => {
    const [one, two] = [await testRelay(folder.path("one")), await testRelay(folder.path("two"))]
    const [anna, otto] = [folder.path("anna"), folder.path("otto")]
    const run = async (dir: string, ...args: readonly string[]) => home([...args, "--data", dir, "--json"])
    const done = async (dir: string, ...args: readonly string[]) => {
      const ran = await run(dir, ...args)
      expect([args, ran.code, ran.err]).toEqual([args, 0, expect.any(String)])
      return ran.json
    }
    const inShare = (dir: string, ...args: readonly string[]) => done(dir, ...args, "--share", "Holiday")
    const notes = async (dir: string): Promise<string> =>
      JSON.stringify(await inShare(dir, "export", "notes"))

    const [ours, theirs] = [await foundIn(anna, "--relay", one.url), await foundIn(otto, "--relay", two.url)]
    await done(anna, "note", "add", secret.anna)
    await done(otto, "note", "add", secret.otto)
    const [card, foreign] = [await done(anna, "contact", "show"), await done(otto, "contact", "show")]
    const family = String(theirs["family"]).slice(0, 8)
    expect((await run(anna, "share", "create", "Holiday", "--with", family)).code).toBe(2)
    await done(anna, "contact", "add", String(foreign[0]?.["card"]))
    await done(otto, "contact", "add", String(card[0]?.["card"]))

    const created = await home(["share", "create", "Holiday", "--with", family, "--data", anna, "--json"])
    expect([created.code, created.err]).toEqual([0, expect.stringContaining("they keep")])
    const share = created.json[0]?.["share"]
    expect(await done(otto, "share", "offers")).toEqual([
      { offer: share, title: "Holiday", from: ours["family"], name: "Muster" },
    ])
    expect((await run(otto, "share", "accept", "Nothing")).code).toBe(2)
    expect((await done(otto, "share", "accept", "Holiday"))[0]).toEqual({
      share,
      title: "Holiday",
      with: ours["family"],
    })
    expect(await done(otto, "share", "offers")).toEqual([])
    const line = { share, title: "Holiday", role: "editor", live: true }
    expect(await done(anna, "share", "list")).toEqual([{ ...line, with: theirs["family"], side: "ours" }])
    expect(await done(otto, "share", "list")).toEqual([{ ...line, with: ours["family"], side: "theirs" }])

    // Both write while nobody is reached, and meet.
    await inShare(anna, "note", "add", "Tent", "--body", "pegs")
    await inShare(otto, "plan", "add", "Ferry", "--start", "2027-07-01")
    await inShare(otto, "note", "add", "Stove")
    for (const dir of [anna, otto, anna]) await inShare(dir, "sync")
    expect(await notes(anna)).toContain("Stove")
    expect(await notes(otto)).toContain("pegs")
    expect(await notes(otto)).toBe(await notes(anna))
    expect(await inShare(anna, "export", "plans")).toEqual(await inShare(otto, "export", "plans"))

    // Anna's tablet comes in by itself, finds what was shared before it joined the family, and does what she may.
    const tablet = folder.path("tablet")
    await joinFamily(anna, tablet, "Anna", "--own-device")
    await done(anna, "sync")
    await done(tablet, "sync")
    expect(await done(otto, "share", "offers")).toEqual([])
    expect(await done(tablet, "share", "offers")).toMatchObject([{ offer: share, title: "Holiday" }])
    expect(await done(tablet, "share", "accept", "Holiday")).toEqual([
      { share, title: "Holiday", with: theirs["family"] },
    ])
    await inShare(tablet, "note", "add", "From the tablet")
    for (const dir of [tablet, anna, otto]) await inShare(dir, "sync")
    expect(await notes(otto)).toContain("From the tablet")
    expect(await notes(otto)).toBe(await notes(tablet))
    expect(await done(tablet, "share", "list")).toEqual([{ ...line, with: theirs["family"], side: "ours" }])

    // The room says who came in since; the family's card and the tablet's admission stand in neither's own.
    const notices = async (dir: string, ...more: readonly string[]) =>
      (await done(dir, "chat", "list", ...more)).map(({ notice }) => notice)
    expect(await notices(otto, "--share", "Holiday")).toEqual(["deviceAdmitted", "deviceAdmitted"])
    expect(await notices(otto)).toEqual([])
    expect((await inShare(otto, "log")).map(({ act }) => act)).toEqual([
      "founded",
      "deviceAdmitted",
      "deviceAdmitted",
    ])

    // Neither a device's name nor its identity in the family crosses over.
    const idsOf = async (dir: string, ...args: readonly string[]) => {
      const members = (await done(dir, "members", ...args)) as unknown as readonly {
        readonly member: string
        readonly devices: readonly { readonly device: string; readonly name: string }[]
      }[]
      return members.flatMap(({ member, devices }) => [
        member,
        ...devices.flatMap(({ device, name }) => [device, name]),
      ])
    }
    const inThere = await idsOf(otto, "--share", "Holiday")
    expect(inThere.filter(id => id !== "")).toHaveLength(6)
    for (const dir of [anna, tablet, otto])
      for (const id of await idsOf(dir)) if (id !== "") expect(inThere).not.toContain(id)

    // Removed at home it leaves the share too, for both families.
    await done(anna, "sync")
    const devicesBefore = (await inShare(otto, "members")).flatMap(({ devices }) => devices).length
    const lost = (await done(anna, "members"))
      .flatMap(({ devices }) => devices as readonly { device: string; here: boolean }[])
      .find(({ here }) => !here)
    await done(anna, "remove", String(lost?.device), "--yes")
    await inShare(otto, "sync")
    const left = (await inShare(otto, "members")).flatMap(({ devices }) => devices)
    expect(left).toHaveLength(devicesBefore - 1)

    // The other side governs nothing, and a share is nothing but itself.
    expect((await run(otto, "share", "revoke", "Holiday", "--yes")).code).toBe(3)
    expect((await run(otto, "invite", "--share", "Holiday")).code).toBe(2)
    for (const [dir, other] of [
      [anna, secret.otto],
      [otto, secret.anna],
    ] as const)
      for (const args of [
        ["export", "notes"],
        ["export", "notes", "--share", "Holiday"],
      ])
        expect((await run(dir, ...args)).out.join()).not.toContain(other)

    // What was read is kept; what is new is not read, and what is written does not count.
    expect((await run(anna, "share", "revoke", "Holiday")).code).toBe(2)
    await done(anna, "share", "revoke", "Holiday", "--yes")
    await inShare(anna, "note", "add", "After the end")
    await inShare(otto, "note", "add", "Too late")
    await inShare(anna, "sync")
    expect((await run(otto, "sync", "--share", "Holiday")).code).toBe(3)
    await inShare(anna, "sync")
    expect(await notes(anna)).not.toContain("Too late")
    expect(await notes(otto)).toContain("pegs")
    expect(await notes(otto)).not.toContain("After the end")
    expect((await done(otto, "share", "list"))[0]).toMatchObject({ live: false })

    // What they accept they can leave: no device of theirs is in it any more, and the others hear of it.
    await done(anna, "share", "create", "Pond", "--with", family)
    await done(otto, "share", "accept", "Pond")
    await done(anna, "sync", "--share", "Pond")
    expect((await run(anna, "share", "leave", "Pond", "--yes")).code).toBe(3)
    expect((await run(otto, "share", "leave", "Pond")).code).toBe(2)
    await done(otto, "share", "leave", "Pond", "--yes")
    await done(anna, "sync", "--share", "Pond")
    const acts = (await done(anna, "log", "--share", "Pond")).map(({ act }) => act)
    expect(acts).toEqual(["founded", "deviceAdmitted", "deviceRemoved"])
    expect((await run(otto, "share", "leave", "Pond", "--yes")).code).toBe(3)
    await Promise.all([one.close(), two.close()])
  })
})
