import { createSeededRandom } from "@home/shared/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fromJournal, toJournal } from "./journal-text.js"
import { createJournal } from "./journal.js"
import type { Edit } from "./messages.js"
import { createMemoryStorage } from "./testing/test-engine.js"

const random = createSeededRandom(1)
const key = random.bytes(32)
const edit = (id: string, input: unknown = { id: "x" }): Edit => ({
  id,
  name: "addEntry",
  document: "2026",
  input,
  nowMs: 1,
})
const journalOver = (storage = createMemoryStorage(), profile = "p") => {
  const journal = createJournal({ storage, random, profile })
  journal.unlock(key)
  return { journal, storage }
}

describe("the journal", () => {
  it("[E1] has an edit from the moment it was written until it is removed, oldest first", () => {
    const { journal, storage } = journalOver()
    for (const id of ["3", "1", "2"]) expect(journal.write(edit(id))).toBeUndefined()
    expect(journal.read().map(({ id }) => id)).toEqual(["1", "2", "3"])
    journal.remove("2")
    expect(
      journalOver(storage)
        .journal.read()
        .map(({ id }) => id),
    ).toEqual(["1", "3"])
    journal.erase()
    expect(storage.entries.size).toBe(0)
  })

  it("[E3] shows no content, opens at its own place with its own key, and passes over what does not open", () => {
    const { journal, storage } = journalOver()
    journal.write(edit("1", { payee: "the doctor" }))
    const [[place, sealed] = ["", ""]] = storage.entries
    expect(sealed).not.toContain(Buffer.from("the doctor").toString("hex"))
    expect(sealed).not.toContain("doctor")
    storage.entries.set(place.replace(/1$/, "2"), sealed)
    storage.entries.set(place.replace(/1$/, "3"), "rubbish")
    expect(journal.read().map(({ id }) => id)).toEqual(["1"])
    const stranger = createJournal({ storage, random, profile: "p" })
    expect(stranger.read()).toEqual([])
    expect(stranger.write(edit("9"))).toEqual({ type: "NotOpen" })
    stranger.unlock(random.bytes(32))
    expect(stranger.read()).toEqual([])
    expect(journalOver(storage, "other").journal.read()).toEqual([])
  })

  it("[E3] is bounded: in entries, in the size of one, and by the storage itself", () => {
    const { journal, storage } = journalOver()
    expect(journal.write(edit("large", { note: "x".repeat(64 * 1024) }))).toBe("TooLarge")
    for (let i = 0; i < 1_000; i++) expect(journal.write(edit(String(i)))).toBeUndefined()
    expect(journal.write(edit("one more"))).toEqual({ type: "JournalFull" })
    const full = {
      ...createMemoryStorage(),
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError")
      },
    }
    expect(storage.entries.size).toBe(1_000)
    expect(journalOver(full as never).journal.write(edit("1"))).toEqual({ type: "JournalFull" })
  })

  it("[E4] keeps undefined fields, and whatever else a command's input may hold", () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(undefined), fc.constant(null))
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(
          fc.string().filter(name => name !== "__proto__"),
          tie("value"),
          { maxKeys: 3, noNullPrototype: true },
        ),
      ),
    }))
    let undefineds = 0
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("a", "b", "c"), value, { noNullPrototype: true }), input => {
        const back = fromJournal(toJournal(edit("1", input)))
        expect(back?.input).toStrictEqual(input)
        undefineds += Object.values(input).filter(each => each === undefined).length
      }),
      { numRuns: 200 },
    )
    expect(undefineds).toBeGreaterThan(10)
    for (const text of ["", "{", "[]", "1", '{"id":1}', "null"]) expect(fromJournal(text)).toBeUndefined()
  })
})
