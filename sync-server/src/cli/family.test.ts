import { randomBytes } from "node:crypto"
import { readFileSync, readdirSync } from "node:fs"
import { encodeInvitation, joinPath, parseInvitation } from "@home/shared/wire"
import { afterAll, describe, expect, it } from "vitest"
import { WebSocket } from "ws"
import { testBox } from "./testing/box.js"
import { testRelay } from "./testing/relay.js"
import { foundIn, home, inviting, joinFamily, joinIn, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)

const hex = (digits: number): unknown => expect.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`))
const membersIn = async (dir: string) => (await home(["members", "--data", dir, "--json"])).json

describe("founding", () => {
  it("[C10] prints the family, and the phrase that stands nowhere else", async () => {
    const dir = folder.path("founded")
    const line = await foundIn(dir)
    expect(line).toEqual({
      family: hex(64),
      name: "Muster",
      member: hex(32),
      device: hex(32),
      recoveryPhrase: expect.stringMatching(/^([a-z]+ ){23}[a-z]+$/),
    })
    const [first, second] = String(line["recoveryPhrase"]).split(" ")
    for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue
      const content = readFileSync(`${entry.parentPath}/${entry.name}`).toString("latin1")
      expect(content).not.toContain(`${first} ${second}`)
    }
    const again = await home(["status", "--data", dir, "--json"])
    expect(again.json[0]).toMatchObject({ name: "Muster", memberName: "Anna", role: "admin", live: true })
    expect(JSON.stringify(again.json)).not.toContain(String(first) + " " + String(second))
  })
})

describe("inviting", () => {
  it("[C11] takes a newcomer in, over addresses alone", async () => {
    const [anna, ben] = [folder.path("c11", "anna"), folder.path("c11", "ben")]
    const { family } = await foundIn(anna)
    const { invited, used } = await inviting(anna, invitation => joinIn(ben, invitation))
    expect([invited.code, used.code]).toEqual([0, 0])
    expect(invited.json).toEqual([
      { invitation: expect.stringMatching(/^home1-[0-9a-f]+$/) },
      {
        joined: { member: hex(32), device: hex(32), name: "Ben" },
        stored: true,
        digits: expect.stringMatching(/^\d{6}$/),
      },
    ])
    expect(used.json).toEqual([{ family, member: hex(32), device: hex(32) }])
    expect(used.err).toContain(String(invited.json[1]?.["digits"]))
    expect((await membersIn(anna)).map(({ name, role }) => [name, role])).toEqual([
      ["Anna", "admin"],
      ["Ben", "editor"],
    ])
  })

  it("[C11] takes another device of one's own in", async () => {
    const [phone, laptop] = [folder.path("own", "phone"), folder.path("own", "laptop")]
    await foundIn(phone)
    await joinFamily(phone, laptop, "Anna", "--own-device")
    const members = await membersIn(laptop)
    expect(members).toHaveLength(1)
    expect(members[0]).toMatchObject({ role: "admin", you: true })
    expect(members[0]?.["devices"]).toHaveLength(2)
  })

  it("[C12] serves once", async () => {
    const anna = folder.path("c12", "anna")
    await foundIn(anna)
    let kept = ""
    await inviting(anna, invitation => {
      kept = invitation
      return joinIn(folder.path("c12", "ben"), invitation)
    })
    const late = await joinIn(folder.path("c12", "eve"), kept, "Eve")
    expect(late.code).toBe(5)
    expect(await membersIn(anna)).toHaveLength(2)
  })

  it("[C13] is burnt by whoever answers without its secret", async () => {
    const anna = folder.path("c13", "anna")
    await foundIn(anna)
    const { invited, used } = await inviting(anna, async text => {
      const invitation = parseInvitation(text)
      if (invitation === undefined) throw new Error("no invitation")
      const guess = encodeInvitation({ ...invitation, secret: new Uint8Array(randomBytes(32)) })
      return joinIn(folder.path("c13", "eve"), guess, "Eve")
    })
    expect(invited.code).toBe(3)
    expect(used.code).not.toBe(0)
    expect(await membersIn(anna)).toHaveLength(1)
  })

  it("[C13] is not burnt by a socket that says nothing", async () => {
    const anna = folder.path("c13b", "anna")
    await foundIn(anna)
    const { invited, used } = await inviting(anna, async text => {
      const address = parseInvitation(text)?.addresses[0] ?? ""
      const silent = new WebSocket(address + joinPath)
      await new Promise(resolve => silent.once("open", resolve))
      silent.close()
      return joinIn(folder.path("c13b", "ben"), text)
    })
    expect([invited.code, used.code]).toEqual([0, 0])
  })

  it("[C13] is not burnt by rubbish from whoever found the port", async () => {
    const anna = folder.path("c13c", "anna")
    await foundIn(anna)
    const { invited, used } = await inviting(anna, async text => {
      const address = parseInvitation(text)?.addresses[0] ?? ""
      for (const rubbish of [new Uint8Array(0), new Uint8Array(randomBytes(48)), new Uint8Array(5_000)]) {
        const scanner = new WebSocket(address + joinPath)
        await new Promise(resolve => scanner.once("open", resolve))
        const closed = new Promise(resolve => scanner.once("close", resolve))
        scanner.send(rubbish)
        await closed
      }
      return joinIn(folder.path("c13c", "ben"), text)
    })
    expect([invited.code, used.code]).toEqual([0, 0])
  })

  it("[C14] admits nobody without a yes", async () => {
    const anna = folder.path("c14", "anna")
    await foundIn(anna)
    for (const answers of [["n"], undefined]) {
      const run = { env: { HOME_PASSPHRASE: "correct horse" }, ...(answers === undefined ? {} : { answers }) }
      const use = (text: string) => joinIn(folder.path("c14", `ben ${String(answers)}`), text)
      const { invited, used } = await inviting(anna, use, { args: [], run })
      expect([invited.code, used.code]).toEqual([3, 3])
    }
    expect(await membersIn(anna)).toHaveLength(1)
    const use = (text: string) => joinIn(folder.path("c14", "ben"), text)
    const { invited } = await inviting(anna, use, {
      args: [],
      run: { env: { HOME_PASSPHRASE: "correct horse" }, answers: ["y"] },
    })
    expect(invited.code).toBe(0)
  })

  it("[C15] meets at the relay when no address answers", async () => {
    const relay = await testRelay(folder.path("c15", "relay"))
    const anna = folder.path("c15", "anna")
    await foundIn(anna, "--relay", relay.url)
    const { invited, used } = await inviting(anna, text => {
      const invitation = parseInvitation(text)
      if (invitation === undefined) throw new Error("no invitation")
      return joinIn(
        folder.path("c15", "ben"),
        encodeInvitation({ ...invitation, addresses: ["ws://127.0.0.1:1"] }),
      )
    })
    await relay.close()
    expect([invited.code, used.code]).toEqual([0, 0])
  })
})

describe("a box", () => {
  it("[C16] is claimed and found again without a relay", async () => {
    const box = await testBox(folder.path("c16", "box"))
    const anna = folder.path("c16", "anna")
    await foundIn(anna)
    const claimed = await home(["claim", box.claim, "--data", anna, "--json"])
    expect(claimed.json).toEqual([{ box: hex(32), member: hex(32), addresses: [box.address], stored: true }])
    const synced = await home(["sync", "--data", anna, "--json"])
    expect(synced.json).toEqual([
      {
        peer: claimed.json[0]?.["box"],
        kind: "box",
        settled: true,
        missingThere: 0,
        missingHere: 0,
        chunksMissingThere: 0,
      },
    ])
    const other = folder.path("c16", "other")
    await foundIn(other)
    expect((await home(["claim", box.claim, "--data", other])).code).not.toBe(0)
    await box.close()
  })
})

describe("a claim that fails", () => {
  it("[C19a] changes nothing when its secret is wrong, and the code stays good", async () => {
    const box = await testBox(folder.path("c19a", "box"))
    const anna = folder.path("c19a", "anna")
    await foundIn(anna)
    const code = parseInvitation(box.claim)
    if (code === undefined) throw new Error("no claim code")
    const guess = encodeInvitation({ ...code, secret: new Uint8Array(randomBytes(32)) })
    const refused = await home(["claim", guess, "--data", anna, "--json"])
    expect(refused.code).toBe(5)
    expect(refused.json).toMatchObject([{ error: { kind: "unreachable" } }])
    expect(await membersIn(anna)).toHaveLength(1)
    const claimed = await home(["claim", box.claim, "--data", anna, "--json"])
    expect(claimed.code).toBe(0)
    await box.close()
    const nobody = await home(["claim", box.claim, "--data", anna, "--json"])
    expect(nobody.code).toBe(5)
    expect(await membersIn(anna)).toHaveLength(2)
  })
})

describe("roles and removals", () => {
  it("[C17] lets only an admin invite, and changes roles by name", async () => {
    const [anna, ben] = [folder.path("c17", "anna"), folder.path("c17", "ben")]
    await foundIn(anna)
    await joinFamily(anna, ben)
    expect((await home(["invite", "--yes", "--data", ben])).code).toBe(3)
    expect((await home(["claim", "home1-00", "--data", ben])).code).toBe(2)
    expect((await home(["role", "ben", "user", "--data", anna, "--json"])).json).toEqual([
      { member: hex(32), role: "user" },
    ])
    expect((await home(["role", "ben", "user", "--data", anna])).code).toBe(3)
    expect((await home(["role", "nobody", "user", "--data", anna])).code).toBe(2)
    expect((await membersIn(anna))[1]).toMatchObject({ name: "Ben", role: "user" })
  })

  it("[C18] asks before it removes, and shuts the removed out", async () => {
    const relay = await testRelay(folder.path("c18", "relay"))
    const [anna, ben] = [folder.path("c18", "anna"), folder.path("c18", "ben")]
    await foundIn(anna, "--relay", relay.url)
    await joinFamily(anna, ben)
    expect((await home(["remove", "Ben", "--data", anna])).code).toBe(2)
    const no = { env: { HOME_PASSPHRASE: "correct horse" }, answers: ["n"] }
    expect((await home(["remove", "Ben", "--data", anna], no)).code).toBe(3)
    expect((await home(["remove", "Ben", "--yes", "--data", anna])).code).toBe(0)
    expect(await membersIn(anna)).toHaveLength(1)
    for (const dir of [anna, ben]) await home(["sync", "--data", dir])
    await relay.close()
    const shut = await home(["chat", "send", "still here?", "--data", ben])
    expect(shut.code).toBe(3)
  })
})
