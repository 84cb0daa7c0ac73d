import { createSealer, recoveryIdentity } from "@home/crypto"
import type { GroupId } from "@home/shared/base"
import { certifyContact, encodeContactLink, signContactCard } from "@home/shared/wire"
import { afterAll, describe, expect, it } from "vitest"
import { systemRandom } from "../profile/platform.js"
import { type Ran, foundIn, home, joinFamily, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)

const run = (dir: string, ...args: readonly string[]) => home(["contact", ...args, "--data", dir, "--json"])

describe("contacts", () => {
  it("[C80] two families take in each other's cards, compare the number, and tell a card that was altered", async () => {
    const [anna, otto, ben] = [folder.path("anna"), folder.path("otto"), folder.path("ben")]
    const [ours, theirs] = [await foundIn(anna), await foundIn(otto)]
    const cardOf = async (dir: string) => String((await run(dir, "show")).json[0]?.["card"])
    const [card, foreign] = [await cardOf(anna), await cardOf(otto)]
    expect(card).toMatch(/^homecard1-[0-9a-f]+$/)
    const numberIn = (line: Readonly<Record<string, unknown>> | undefined): string =>
      String((line?.["cards"] as { safetyNumber: string }[] | undefined)?.[0]?.safetyNumber)

    const added = await run(anna, "add", foreign)
    expect([added.code, added.json]).toEqual([
      0,
      [
        {
          family: theirs["family"],
          name: "Muster",
          standing: "unverified",
          cards: [
            {
              contact: expect.stringMatching(/^[0-9a-f]{64}$/),
              safetyNumber: expect.stringMatching(/^\d{60}$/),
              relays: [],
              verified: null,
            },
          ],
        },
      ],
    ])
    const number = numberIn(added.json[0])
    expect(numberIn((await run(otto, "add", card)).json[0])).toBe(number)

    const family = String(theirs["family"]).slice(0, 8)
    expect((await run(anna, "verify", family)).code).toBe(2)
    expect((await run(anna, "verify", family, "12345")).code).toBe(2)
    expect((await run(anna, "verify", family, "1".repeat(60))).code).toBe(3)
    const verified = await run(anna, "verify", family, number.replace(/(.{5})/g, "$1 "))
    expect([verified.code, verified.json[0]?.["standing"]]).toEqual([0, "verified"])
    const asked = await home(["contact", "verify", "Muster", "--data", otto], { answers: ["y"] })
    expect([asked.code, asked.out.join()]).toEqual([0, expect.stringContaining("verified")])

    const altered = foreign.slice(0, -1) + (foreign.endsWith("0") ? "1" : "0")
    expect((await run(anna, "add", altered)).code).toBe(4)
    expect((await run(anna, "add", "home1-00")).code).toBe(2)
    expect((await run(anna, "add", card)).code).toBe(3)

    // Every member sees the contacts; only admins change them.
    await joinFamily(anna, ben)
    expect((await run(ben, "list")).json).toMatchObject([{ error: { kind: "refused" } }])
    for (const [dir, verb] of [
      [anna, "export"],
      [ben, "import"],
    ] as const)
      expect((await home(["archive", verb, folder.path("all.home"), "--data", dir])).code).toBe(0)
    expect((await run(ben, "list")).json).toEqual(verified.json)
    expect((await run(ben, "verify", family, number)).code).toBe(3)
    expect((await run(ben, "show")).json[0]).toEqual({
      card,
      family: ours["family"],
      name: "Muster",
      relays: [],
    })
    expect((await run(anna, "remove", family)).code).toBe(2)
    expect((await run(anna, "remove", family, "--yes")).json).toEqual([{ removed: theirs["family"] }])
    expect((await run(anna, "list")).json).toEqual([])
  })

  it("[C18f] [C81] says loudly that a family's keys changed, until the new number was compared", async () => {
    const dir = folder.path("changed")
    await foundIn(dir)
    const sealer = createSealer({ random: systemRandom })
    const group = "ab".repeat(32) as GroupId
    const linkOf = async (): Promise<string> => {
      const recovery = recoveryIdentity(systemRandom.bytes(32))
      const [signing, agreement] = [systemRandom.bytes(32), systemRandom.bytes(32)]
      const keys = { signing: sealer.signingKeyOf(signing), agreement: sealer.agreementKeyOf(agreement) }
      const identity = { group, recovery: recovery.keys.signing, keys }
      const certificate = await certifyContact(sealer, recovery.secrets.signing, identity)
      const hints = { name: "Beispiel", relays: [], issuedMs: 1 }
      return encodeContactLink(await signContactCard(sealer, signing, { ...identity, ...hints, certificate }))
    }
    const numbersIn = (ran: Ran): readonly string[] =>
      (ran.json[0]?.["cards"] as { safetyNumber: string }[]).map(({ safetyNumber }) => safetyNumber)
    const first = numbersIn(await run(dir, "add", await linkOf()))[0] ?? ""
    expect((await run(dir, "verify", "Beispiel", first)).json[0]?.["standing"]).toBe("verified")
    const changed = await run(dir, "add", await linkOf())
    expect([changed.code, changed.json[0]?.["standing"]]).toEqual([3, "changed"])
    expect(changed.err).toContain("not those that you knew")
    const numbers = numbersIn(changed)
    expect([numbers.length, numbers.includes(first)]).toEqual([2, true])
    expect((await run(dir, "verify", "Beispiel")).code).toBe(2)
    expect((await home(["chat", "list", "--data", dir, "--json"])).json).toEqual([
      {
        ...{ notice: "cardChanged", family: group, name: "Beispiel" },
        ...{ byMember: expect.stringMatching(/^[0-9a-f]{32}$/), atMs: expect.any(Number) },
      },
    ])
    const room = (await home(["chat", "list", "--data", dir])).out
    expect(room).toEqual([expect.stringContaining("* Family Beispiel has another contact card, which Anna")])
    const shared = await home(["share", "create", "Holiday", "--with", "Beispiel", "--data", dir])
    expect([shared.code, shared.err]).toEqual([3, expect.stringContaining("keys of that family changed")])
    const second = numbers.find(number => number !== first) ?? ""
    const settled = await run(dir, "verify", "Beispiel", second)
    expect([settled.json[0]?.["standing"], numbersIn(settled)]).toEqual(["verified", [second]])
  })
})
