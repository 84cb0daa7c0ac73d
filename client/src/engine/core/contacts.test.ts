import "fake-indexeddb/auto"
import "@automerge/automerge"
import { beforeAll, describe, expect, it } from "vitest"
import type { EngineClient } from "../client.js"
import type { ContactsView } from "../port.js"
import { must, openTestFamily, testPassphrase, valueOf } from "../testing/test-engine.js"

const newFamily = async (): Promise<EngineClient> => (await openTestFamily()).tab
const contactsOf = (tab: EngineClient, families = 0): Promise<ContactsView> =>
  valueOf(tab, "contacts", contacts => contacts.card !== undefined && contacts.families.length === families)
const cardOf = async (tab: EngineClient): Promise<string> => (await contactsOf(tab)).card ?? ""
const errorOf = async (call: Promise<{ readonly ok: boolean; readonly error?: unknown }>): Promise<unknown> =>
  (await call).error

describe("other families", () => {
  let anna: EngineClient
  let otto: EngineClient
  beforeAll(async () => {
    ;[anna, otto] = [await newFamily(), await newFamily()]
  }, 120_000)

  it("[E60] what is no card, the own one and an altered one are told apart", async () => {
    const stranger = await cardOf(otto)
    const altered = `${stranger.slice(0, 300)}${stranger[300] === "0" ? "1" : "0"}${stranger.slice(301)}`
    for (const [given, type] of [
      ["home1-abc", "NotACard"],
      [await cardOf(anna), "OwnFamily"],
      [altered, "Forged"],
    ] as const)
      expect(await errorOf(anna.calls.addContact({ card: given }))).toEqual({ type })
  })

  it("[E60] are told of to who looks: both see the same digits, and comparing them is the whole family's", async () => {
    const [annas, ottos] = [await cardOf(anna), await cardOf(otto)]
    await must(anna, "addContact", { card: ` ${ottos.toUpperCase()}\n` })
    await must(otto, "addContact", { card: annas })
    const [here] = (await contactsOf(anna, 1)).families
    const [there] = (await contactsOf(otto, 1)).families
    if (here === undefined || there === undefined) throw new Error("no contact")
    const digits = here.cards[0]?.digits ?? ""
    expect(digits).toMatch(/^\d{60}$/)
    expect([here.standing, there.cards[0]?.digits]).toEqual(["unverified", digits])
    const { family } = here
    expect(await errorOf(anna.calls.confirmContact({ family, digits: "1".repeat(60) }))).toEqual({
      type: "OtherNumber",
    })
    await must(anna, "confirmContact", { family, digits })
    const isVerified = ({ families: [only] }: ContactsView): boolean => only?.standing === "verified"
    const { families } = await valueOf(anna, "contacts", isVerified)
    expect(families[0]?.cards[0]?.verified?.by).toMatch(/^[0-9a-f]{32}$/)
    await must(anna, "removeContact", { family })
    expect((await contactsOf(anna)).families).toEqual([])
  })

  it("[E21] [E60] locked, nothing of them is told", async () => {
    const card = await cardOf(anna)
    await must(anna, "lock", {})
    const locked = await valueOf(anna, "contacts")
    expect(locked).toEqual({ card: undefined, mayKeep: false, families: [] })
    await must(anna, "unlock", { type: "Passphrase", passphrase: testPassphrase })
    expect(await cardOf(anna)).toBe(card)
  })
})
