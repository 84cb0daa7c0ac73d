import { describe, expect, it } from "vitest"
import { journalKeyOf } from "./journal-key.js"
import { createJournalSeal } from "./journal-seal.js"
import { seededRandom } from "./testing/bytes.js"

const random = seededRandom("journal")
const masterKey = random.bytes(32)
const seal = createJournalSeal({ key: journalKeyOf(masterKey), random })

describe("journal seal", () => {
  it("[K70] opens at its place and nowhere else, and not with another profile's key", () => {
    const sealed = seal.seal("home/1", "咖啡 3.20")
    expect(sealed).not.toContain("3.20")
    expect(seal.open("home/1", sealed)).toBe("咖啡 3.20")
    expect(seal.open("home/2", sealed)).toBeUndefined()
    const stranger = createJournalSeal({ key: journalKeyOf(random.bytes(32)), random })
    expect(stranger.open("home/1", sealed)).toBeUndefined()
    expect(createJournalSeal({ key: masterKey, random }).open("home/1", sealed)).toBeUndefined()
  })

  it("[K70] refuses what was altered or cut, at every byte, without throwing", () => {
    const sealed = seal.seal("p", "x")
    for (let at = 0; at < sealed.length; at += 2) {
      const other = sealed.slice(at, at + 2) === "00" ? "01" : "00"
      expect(seal.open("p", sealed.slice(0, at) + other + sealed.slice(at + 2))).toBeUndefined()
      expect(seal.open("p", sealed.slice(0, at))).toBeUndefined()
    }
    expect(seal.open("p", "no hex")).toBeUndefined()
  })
})
