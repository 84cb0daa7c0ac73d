import "fake-indexeddb/auto"
import "@automerge/automerge"
import { defaultCost } from "@home/crypto"
import { bytesToHex } from "@home/shared/base"
import { createTestClock } from "@home/shared/testing"
import { describe, expect, it } from "vitest"
import { systemRandom } from "../../adapters/platform.js"
import {
  entryFields,
  foundTestFamily,
  must,
  newDatabaseName,
  openTestFamily,
  startTestEngine,
  testPassphrase,
  valueOf,
} from "../testing/test-engine.js"
import type { Membership } from "../port.js"
import { reachOf } from "./peers.js"

const passphrase = { type: "Passphrase", passphrase: testPassphrase } as const

describe("setting up", () => {
  it("[E31] begins before the wasm of documents is there, which what is asked for waits for", async () => {
    let load = (): void => {}
    const automerge = new Promise<void>(resolve => (load = resolve))
    const tab = startTestEngine(newDatabaseName(), { automerge }).openTab()
    expect(await valueOf(tab, "state", ({ type }) => type !== "Starting")).toEqual({ type: "Empty" })
    const asked = must(tab, "newPhrase", {})
    load()
    await asked
  })

  it("[E31] tells where the wasm does not load, and nothing is done without it", async () => {
    const automerge = Promise.reject(new Error("no wasm"))
    const tab = startTestEngine(newDatabaseName(), { automerge }).openTab()
    const state = await valueOf(tab, "state", ({ type }) => type === "Failed")
    expect(state).toEqual({ type: "Failed", reason: "Error" })
    await expect(tab.calls.newPhrase({})).rejects.toThrow()
  })

  it("[E20] asks for three words of the phrase, and until the end there is no profile on disk", async () => {
    const name = newDatabaseName()
    const engine = startTestEngine(name)
    const tab = engine.openTab()
    const input = { family: "Home", member: "Anna", deviceName: "phone", passphrase: testPassphrase }
    expect(await tab.calls.found(input)).toEqual({ ok: false, error: { type: "PhraseNotChecked" } })
    const phrase = await tab.calls.newPhrase({})
    if (!phrase.ok) throw new Error(phrase.error.type)
    const { words, asked } = phrase.value
    expect([words.length, asked.length]).toEqual([24, 3])
    const answers = asked.map(position => words[position - 1] ?? "")
    expect(await tab.calls.checkPhrase({ answers: ["", ...answers.slice(1)] })).toEqual({
      ok: false,
      error: { type: "WrongWords", positions: asked.slice(0, 1) },
    })
    expect(await tab.calls.found(input)).toMatchObject({ error: { type: "PhraseNotChecked" } })
    await must(tab, "checkPhrase", { answers })
    expect(await tab.calls.found({ ...input, passphrase: "" })).toMatchObject({
      error: { type: "NoPassphrase" },
    })
    expect(await tab.calls.found({ ...input, member: " " })).toMatchObject({ error: { field: "member" } })
    expect(await tab.calls.found({ ...input, relay: "http://x" })).toMatchObject({
      error: { type: "InvalidRelay" },
    })
    // The program ends while it writes: what lies there is none, and the next attempt goes through.
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
      if (key === "vault") throw new Error("ended")
      return put.call(this, value, key)
    }
    await expect(tab.calls.found(input)).rejects.toThrow()
    IDBObjectStore.prototype.put = put
    engine.kill()
    const next = startTestEngine(name).openTab()
    expect(await valueOf(next, "state", ({ type }) => type !== "Starting")).toEqual({ type: "Empty" })
    await foundTestFamily(next)
    expect(await next.calls.found(input)).toMatchObject({ error: { type: "AlreadyInFamily" } })
  })
})

describe("the name of a device", () => {
  it("[E27] is what was said at set-up, and can be changed", async () => {
    const { tab } = await openTestFamily()
    const nameNow = async (isIt: (name: string | undefined) => boolean): Promise<string | undefined> => {
      const nameIn = (family: Membership): string | undefined => family.members[0]?.devices[0]?.name
      return nameIn(await valueOf(tab, "membership", family => isIt(nameIn(family))))
    }
    expect(await nameNow(name => (name ?? "") !== "")).toBe("phone")
    const [member] = (await valueOf(tab, "membership")).members
    const device = member?.devices[0]?.id ?? ""
    await tab.edit("nameDevice", member?.id ?? "", { device, name: "Anna's phone" })
    expect(await nameNow(name => name !== "phone")).toBe("Anna's phone")
  })
})

describe("locking", () => {
  it("[E21] forgets everything: nothing is told, nothing is taken", async () => {
    const { tab, engine } = await openTestFamily()
    await tab.edit("addEntry", "2026", { id: "a", fields: entryFields(1) })
    const masterKey = engine.core.family()?.masterKey
    await must(tab, "lock", {})
    expect(await valueOf(tab, "state")).toEqual({ type: "Locked", ways: [{ type: "Passphrase" }] })
    expect(masterKey?.every(byte => byte === 0)).toBe(true)
    expect(tab.lent()).toBeUndefined()
    const refused = { ok: false, error: { type: "NotOpen" } }
    expect(await tab.edit("addEntry", "2026", { id: "b", fields: entryFields(2) })).toEqual(refused)
    expect(await tab.ask("entryConflicts", "2026", { id: "a" })).toEqual(refused)
    expect(await tab.calls.relays({})).toEqual(refused)
    expect(await valueOf(tab, "membership")).toEqual({ familyName: "", members: [], circles: [] })
  })

  it("[E28] the words are tried and replaced, and reminded of after a year", async () => {
    const clock = createTestClock(Date.now())
    const tab = startTestEngine(newDatabaseName(), { clock }).openTab()
    const newWords = async () => {
      const phrase = await tab.calls.newPhrase({})
      if (!phrase.ok) throw new Error(phrase.error.type)
      const { words, asked } = phrase.value
      return { phrase: words.join(" "), answers: asked.map(position => words[position - 1] ?? "") }
    }
    const old = await newWords()
    await must(tab, "checkPhrase", { answers: old.answers })
    const input = { family: "Home", member: "Anna", deviceName: "phone", passphrase: testPassphrase }
    await must(tab, "found", input)
    const stateOfWords = async () => {
      const state = await valueOf(tab, "state")
      return state.type === "Open" ? state.self.phrase : undefined
    }
    expect(await stateOfWords()).toBe("Fine")
    clock.advance(366 * 24 * 60 * 60_000)
    expect(await tab.calls.tryPhrase({ phrase: "one two" })).toMatchObject({ error: { type: "WordCount" } })
    const other = await newWords()
    const wrong = { ok: false, error: { type: "WrongPhrase" } }
    expect(await tab.calls.tryPhrase({ phrase: other.phrase })).toEqual(wrong)
    await must(tab, "lock", {})
    await must(tab, "unlock", passphrase)
    expect(await stateOfWords()).toBe("Unchecked")
    await must(tab, "tryPhrase", { phrase: old.phrase })
    expect(await stateOfWords()).toBe("Fine")

    const next = await newWords()
    const replace = () => tab.calls.replacePhrase({ current: old.phrase })
    expect(await replace()).toEqual({ ok: false, error: { type: "PhraseNotChecked" } })
    await must(tab, "checkPhrase", { answers: next.answers })
    expect(await tab.calls.replacePhrase({ current: other.phrase })).toEqual(wrong)
    expect(await replace()).toEqual({ ok: true, value: undefined })
    expect(await tab.calls.tryPhrase({ phrase: old.phrase })).toEqual(wrong)
    await must(tab, "tryPhrase", { phrase: next.phrase })
    // The founder does without the old ones.
    const last = await newWords()
    await must(tab, "checkPhrase", { answers: last.answers })
    await must(tab, "replacePhrase", { current: undefined })
    await must(tab, "tryPhrase", { phrase: last.phrase })
  })

  it("[E22] the passphrase, a passkey and the browser's own key each open, and wrong ones do not", async () => {
    // With what a passphrase costs people.
    const { tab, name } = await openTestFamily({ passphraseCost: defaultCost })
    const secret = systemRandom.bytes(32)
    const passkey = { credentialId: Uint8Array.of(1, 2), salt: systemRandom.bytes(32) }
    await must(tab, "addPasskey", { ...passkey, secret })
    await must(tab, "changePassphrase", { current: testPassphrase, next: "新的口令" })
    expect(await tab.calls.changePassphrase({ current: testPassphrase, next: "x" })).toMatchObject({
      error: { type: "WrongPassphrase" },
    })
    await must(tab, "lock", {})
    expect(await valueOf(tab, "state")).toEqual({
      type: "Locked",
      ways: [{ type: "Passphrase" }, { type: "Passkey", credentials: [passkey] }],
    })
    const wrong = systemRandom.bytes(32)
    expect(await tab.calls.unlock({ type: "Passkey", secret: wrong })).toMatchObject({
      error: { type: "WrongPasskey" },
    })
    expect(await tab.calls.unlock(passphrase)).toMatchObject({ error: { type: "WrongPassphrase" } })
    expect(await tab.calls.unlock({ type: "DeviceLock" })).toMatchObject({ error: { type: "NoSuchWay" } })
    await must(tab, "unlock", { type: "Passkey", secret })
    await must(tab, "removePasskeys", {})
    await must(tab, "setDeviceLock", { isOn: true })
    const next = startTestEngine(name).openTab()
    expect(await valueOf(next, "state", ({ type }) => type !== "Starting")).toMatchObject({ type: "Open" })
    await must(next, "lock", {})
    expect(await next.calls.unlock({ type: "Passkey", secret })).toMatchObject({ ok: false })
    await must(next, "unlock", { type: "Passphrase", passphrase: "新的口令" })
  })

  it("[E23] locks itself when nobody used the app for the time that was set", async () => {
    const clock = createTestClock(Date.now())
    const engine = startTestEngine(newDatabaseName(), { clock })
    const tab = engine.openTab()
    await foundTestFamily(tab)
    await must(tab, "setAutoLock", { minutes: 5 })
    clock.advance(4 * 60_000)
    tab.touch()
    await must(tab, "relays", {})
    clock.advance(4 * 60_000)
    expect((await valueOf(tab, "state")).type).toBe("Open")
    clock.advance(61_000)
    expect((await valueOf(tab, "state", ({ type }) => type !== "Open")).type).toBe("Locked")
  })

  it("[E25] the next engine opens with the ticket of the one before, and with no other", async () => {
    const { name, tab, engine } = await openTestFamily()
    const ticket = tab.lent()?.ticket
    engine.kill()
    const stranger = await openTestFamily()
    const wrong = startTestEngine(name, { ticket: stranger.tab.lent()?.ticket }).openTab()
    expect((await valueOf(wrong, "state", ({ type }) => type !== "Starting")).type).toBe("Locked")
    const next = startTestEngine(name, { ticket }).openTab()
    expect((await valueOf(next, "state", ({ type }) => type !== "Starting")).type).toBe("Open")
  })

  it("[E26] erasing leaves neither documents nor keys nor journal", async () => {
    const { tab, storage } = await openTestFamily()
    storage.entries.set("home/journal/test/left", "rubbish")
    await tab.edit("addEntry", "2026", { id: "a", fields: entryFields(1) })
    await must(tab, "eraseEverything", {})
    expect(await valueOf(tab, "state")).toEqual({ type: "Empty" })
    expect(storage.entries.size).toBe(0)
    await foundTestFamily(tab)
    const counts = await new Promise(resolve =>
      tab.watchDocument({ area: "ledger", name: "2026" }, event => {
        if (event.type === "Begin") resolve(event.counts)
      }),
    )
    expect(counts).toEqual({ entries: 0 })
  })
})

describe("an installation", () => {
  it("[E24] that was carried elsewhere without the hidden key is a new incarnation", async () => {
    const { name, engine, tab } = await openTestFamily()
    const before = engine.core.family()?.profile
    const identity = bytesToHex(before?.archive.identity ?? new Uint8Array())
    await must(tab, "lock", {})
    await must(tab, "unlock", passphrase)
    const same = engine.core.family()?.profile
    expect(same?.incarnation).toBe(before?.incarnation)
    await must(tab, "lock", {})
    await engine.core.disk().clear.remove("installation")
    const copy = startTestEngine(name)
    const next = copy.openTab()
    await must(next, "unlock", passphrase)
    const carried = copy.core.family()?.profile
    expect(carried?.incarnation).not.toBe(before?.incarnation)
    expect(bytesToHex(carried?.archive.identity ?? new Uint8Array())).not.toBe(identity)
  })
})

describe("how far edits have come", () => {
  it("[E30] is here, on a box, or everywhere, by the last words of all live devices", () => {
    const device = (missingThere: number, isKeeper = false) => ({ isKeeper, missingThere })
    expect(reachOf([])).toBe("Here")
    expect(reachOf([device(1)])).toBe("Here")
    expect(reachOf([device(0)])).toBe("Everywhere")
    expect(reachOf([device(0), device(1)])).toBe("Here")
    expect(reachOf([device(0, true), device(1)])).toBe("OnBox")
    expect(reachOf([device(2, true), device(0, true), device(1)])).toBe("OnBox")
    expect(reachOf([device(1, true), device(0)])).toBe("Here")
    expect(reachOf([device(0, true), device(0)])).toBe("Everywhere")
  })
})
