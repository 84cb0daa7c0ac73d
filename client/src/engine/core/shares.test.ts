import "fake-indexeddb/auto"
import "@automerge/automerge"
import type { GroupId } from "@home/shared/base"
import { createMemoryRelay } from "@home/shared/testing/memory-relay"
import { beforeAll, describe, expect, it } from "vitest"
import type { EngineClient } from "../client.js"
import type { AccessLineView, Place, ShareOfferView, ShareView } from "../port.js"
import {
  entryFields,
  must,
  newDatabaseName,
  openTestFamily,
  startTestEngine,
  testPassphrase,
  valueOf,
} from "../testing/test-engine.js"

const relay = createMemoryRelay()
/** Until devices have heard of each other, milliseconds. */
const patience = { timeout: 30_000 }
const relayUrl = "ws://relay.example"

const newFamily = () => openTestFamily({ dialer: relay.dialer }, relayUrl)
const cardOf = async (tab: EngineClient): Promise<string> =>
  (await valueOf(tab, "contacts", ({ card }) => card !== undefined)).card ?? ""
const meet = async (tab: EngineClient, card: string): Promise<GroupId> => {
  const { family } = (await must(tab, "addContact", { card })) as { readonly family: GroupId }
  return family
}
const shareOf = async (
  tab: EngineClient,
  passes: (share: ShareView) => boolean = () => true,
): Promise<ShareView> => {
  const shares = await valueOf(tab, "shares", ([only]) => only !== undefined && passes(only))
  if (shares[0] === undefined) throw new Error("no share")
  return shares[0]
}
/** Resolves once the ledger of a place shows so many entries; gives their payees. */
const payeesOf = (tab: EngineClient, circle: Place, count: number): Promise<readonly string[]> =>
  new Promise(resolve => {
    const payees = new Map<string, string>()
    const stop = tab.watchDocument({ area: "ledger", name: "2026", circle }, event => {
      if (event.type === "Begin") payees.clear()
      if (event.type !== "Rows") return
      for (const rows of event.rows)
        if (rows.collection === "entries") for (const [id, { payee }] of rows.upserts) payees.set(id, payee)
      if (payees.size < count) return
      queueMicrotask(() => stop())
      resolve([...payees.values()].sort())
    })
  })
const add = (tab: EngineClient, circle: Place, number: number) =>
  tab.edit("addEntry", "2026", { id: `${number}`.padStart(32, "0"), fields: entryFields(number) }, circle)

describe("something together with another family", () => {
  let anna: Awaited<ReturnType<typeof newFamily>>
  let otto: Awaited<ReturnType<typeof newFamily>>
  let share: GroupId
  beforeAll(async () => {
    ;[anna, otto] = [await newFamily(), await newFamily()]
  }, 120_000)

  it("[E60a] [E61] is offered at a relay, accepted, and written by both; nothing of either family is in it", async () => {
    const [annas, ottos] = [await cardOf(anna.tab), await cardOf(otto.tab)]
    const family = await meet(anna.tab, ottos)
    await meet(otto.tab, annas)
    share = (await must(anna.tab, "createShare", { title: "Lake", family, role: "user" })) as GroupId
    expect(await shareOf(anna.tab)).toMatchObject({ side: "ours", hasArrived: false, mayEnd: true })
    const [offer] = (await must(otto.tab, "shareOffers", {})) as readonly ShareOfferView[]
    expect([offer?.offer, offer?.title]).toEqual([share, "Lake"])
    await must(otto.tab, "acceptShare", { offer: share })
    expect(await shareOf(otto.tab)).toMatchObject({
      side: "theirs",
      role: "user",
      mayWrite: true,
      mayEnd: false,
    })
    await shareOf(anna.tab, ({ hasArrived }) => hasArrived)
    const log = (await must(anna.tab, "accessLog", { share })) as readonly AccessLineView[]
    expect(log.map(({ act, isGenuine, heardAtMs }) => [act.type, isGenuine, typeof heardAtMs])).toEqual([
      ["founded", true, "undefined"],
      ["deviceAdmitted", true, "number"],
    ])
    expect(await must(anna.tab, "accessLog", { share: "00" as GroupId })).toEqual([])
    expect(await must(otto.tab, "shareOffers", {})).toEqual([])

    expect((await add(anna.tab, share, 1)).ok).toBe(true)
    expect((await add(otto.tab, share, 2)).ok).toBe(true)
    for (const { tab } of [anna, otto]) expect(await payeesOf(tab, share, 2)).toEqual(["payee 1", "payee 2"])
    const files = (await must(otto.tab, "exportAll", {})) as readonly { readonly name: string }[]
    expect(files.map(({ name }) => name)).toContain(`Lake ${share.slice(0, 8)}/ledger.csv`)
  })

  it("[E61a] [X11] is found by another admin's device of the family, which comes in on that side", async () => {
    const tablet = startTestEngine(newDatabaseName(), { dialer: relay.dialer }).openTab()
    const { invitation } = (await must(anna.tab, "createInvitation", {
      admitAs: { type: "OwnDevice" },
    })) as { readonly invitation: string }
    const joined = must(tablet, "join", {
      ...{ invitation, member: "Anna", deviceName: "tablet", passphrase: testPassphrase },
    })
    await valueOf(anna.tab, "pairing", ({ type }) => type === "Asking")
    await must(anna.tab, "answerNewcomer", { accept: true })
    await joined
    // As soon as it has heard that a device that could share has let it.
    let offers: readonly ShareOfferView[] = []
    await expect
      .poll(async () => {
        await must(tablet, "syncNow", {})
        const found = await tablet.calls.shareOffers({})
        if (found.ok) offers = found.value
        return offers.length
      }, patience)
      .toBe(1)
    expect(offers[0]).toMatchObject({ offer: share, title: "Lake", isOurs: true })
    await must(tablet, "acceptShare", { offer: share })
    const [annas, tablets] = [await shareOf(anna.tab), await shareOf(tablet)]
    expect(tablets).toMatchObject({ side: "ours", family: annas.family, self: annas.self, mayEnd: true })
    expect(await payeesOf(tablet, share, 2)).toEqual(["payee 1", "payee 2"])
    expect(await must(otto.tab, "shareOffers", {})).toEqual([])
    await must(tablet, "syncNow", {})
  })

  it("[E61b] [X14] is left by a device that leaves the family, which nobody of the other side has to see to", async () => {
    await must(anna.tab, "syncNow", {})
    const { members } = await valueOf(
      anna.tab,
      "membership",
      ({ members: [only] }) => only?.devices.length === 2,
    )
    const device = members[0]?.devices.find(({ isHere }) => !isHere)?.id
    if (device === undefined) throw new Error("no tablet")
    const lines = async () => (await must(anna.tab, "accessLog", { share })) as readonly AccessLineView[]
    const before = await lines()
    await must(anna.tab, "removeDevice", { device })
    await expect.poll(async () => (await lines()).at(-1)?.act.type, patience).toBe("deviceRemoved")
    expect(await lines()).toHaveLength(before.length + 1)
  })

  it("[E62] opens behind the family, and what was meant for it meanwhile is written then", async () => {
    await must(otto.tab, "lock", {})
    expect(await valueOf(otto.tab, "shares")).toEqual([])
    await must(otto.tab, "unlock", { type: "Passphrase", passphrase: testPassphrase })
    // It may not be open yet: then the journal keeps it.
    void add(otto.tab, share, 3)
    for (const { tab } of [anna, otto]) expect((await payeesOf(tab, share, 3)).at(-1)).toBe("payee 3")
  })

  it("[E64] [X17] is left by the side that did not make it, which keeps nothing and is told to the other", async () => {
    const { family } = await shareOf(anna.tab)
    const pond = (await must(anna.tab, "createShare", { title: "Pond", family, role: "editor" })) as GroupId
    await must(otto.tab, "acceptShare", { offer: pond })
    const pondOf = async (tab: EngineClient, passes: (share: ShareView) => boolean) =>
      (await valueOf(tab, "shares", all => all.some(each => each.share === pond && passes(each)))).find(
        each => each.share === pond,
      )
    await pondOf(anna.tab, ({ hasArrived }) => hasArrived)
    await must(otto.tab, "leaveShare", { share: pond })
    expect(await pondOf(anna.tab, ({ hasLeft }) => hasLeft)).toMatchObject({ isLive: true, mayEnd: true })
    expect((await valueOf(otto.tab, "shares")).map(({ title }) => title)).toEqual(["Lake"])
    expect(await must(otto.tab, "shareOffers", {})).toEqual([])
    expect(await anna.tab.calls.leaveShare({ share: "00" as GroupId })).toMatchObject({ ok: false })
    await must(anna.tab, "forgetShare", { share: pond })
  })

  it("[E63] ended it takes no more from the other side, which keeps what it has until it removes it", async () => {
    expect(await otto.tab.calls.endShare({ share })).toMatchObject({ ok: false, error: { type: "Refused" } })
    await must(anna.tab, "endShare", { share })
    const ended = await shareOf(otto.tab, ({ isLive }) => !isLive)
    expect(ended.mayWrite).toBe(false)
    expect(await add(otto.tab, share, 4)).toEqual({ ok: false, error: { type: "NotAllowed" } })
    expect((await payeesOf(otto.tab, share, 3)).length).toBe(3)
    await must(otto.tab, "forgetShare", { share })
    expect((await indexedDB.databases()).filter(({ name }) => name?.startsWith(`${otto.name}/`))).toEqual([])
    expect(await must(otto.tab, "shareOffers", {})).toEqual([])
    // What a journal still held for it is let go.
    expect(await add(otto.tab, share, 5)).toEqual({ ok: false, error: { type: "NotAllowed" } })
    await must(anna.tab, "eraseEverything", {})
    expect((await indexedDB.databases()).filter(({ name }) => name?.startsWith(`${anna.name}/`))).toEqual([])
  })
})
