import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import {
  forgetContact,
  keepOwnCard,
  laterCards,
  meetContact,
  notePseudonym,
  parseContacts,
  standingOf,
  verifyContact,
} from "./contacts.js"
import { type TestDoc, anna, after as editOf, device, must, refusal } from "./samples.js"

/** On a copy: the same document may be gone on from in several ways. */
const after = (doc: TestDoc, command: Parameters<typeof editOf>[1]): TestDoc => editOf(A.clone(doc), command)

const family = "f1".repeat(32)
const [first, second] = ["a1".repeat(32), "a2".repeat(32)]
const fresh = () => device("contacts", "11")
const meet =
  (contact: string, card = "0101", by = anna) =>
  (draft: unknown) =>
    meetContact(draft, { family, contact, card, by })
const verify = (contact: string) => (draft: unknown) => verifyContact(draft, { family, contact, by: anna })
const standing = (doc: TestDoc) => {
  const found = standingOf(must(parseContacts(doc)).met.filter(one => one.family === family))
  return [found.standing, ...found.candidates.map(({ contact }) => contact)]
}
const both = (doc: TestDoc, ...edits: readonly ((draft: unknown) => unknown)[]): TestDoc =>
  edits
    .map((edit, i) => A.change(A.clone(doc, { actor: `2${i}`.repeat(16) }), draft => void edit(draft)))
    .reduce((merged, next) => A.merge(merged, next), A.clone(doc))

describe("contacts", () => {
  it("[D150] are met, verified, and changed when other keys turn up", () => {
    const met = after(fresh(), meet(first))
    expect(standing(met)).toEqual(["unverified", first])
    const verified = after(met, verify(first))
    expect(standing(verified)).toEqual(["verified", first])
    expect(must(parseContacts(verified)).met[0]?.verified).toEqual({ by: anna.author, atMs: anna.nowMs })
    expect(standing(after(verified, meet(first, "0202")))).toEqual(["verified", first])
    const changed = after(verified, meet(second))
    expect(standing(changed)).toEqual(["changed", first, second])
    expect(standing(after(changed, verify(second)))).toEqual(["verified", second])
    expect(standing(after(changed, verify(first)))).toEqual(["verified", first])
  })

  it("[D151] an identity that was set aside makes the contact changed when it turns up again", () => {
    const settled = [meet(first), verify(first), meet(second), verify(second)].reduce(
      (doc, edit) => after(doc, edit),
      fresh(),
    )
    const again = after(settled, meet(first))
    expect(standing(again)).toEqual(["changed", first, second])
    expect(must(parseContacts(again)).met.find(one => one.contact === first)?.verified).toBeUndefined()
  })

  it("[D153] each card after a family's first is told with who took it in, and when; what is known already is no news", () => {
    const at = (nowMs: number) => ({ author: "0b", nowMs })
    const [twice, other] = [meet(first, "0202", at(3)), meet(second, "0101", at(5))]
    const again = [meet(first, "0101", at(2)), twice, verify(first), other, verify(first)].reduce(
      (doc, edit) => after(doc, edit),
      fresh(),
    )
    const told = (doc: TestDoc) =>
      laterCards(must(parseContacts(doc)).met).map(({ contact, met }) => [contact, met?.by, met?.atMs])
    expect(must(parseContacts(again)).met[0]?.met).toEqual({ by: "0b", atMs: 2 })
    expect(told(again)).toEqual([[second, "0b", 5]])
    // Set aside and shown once more.
    expect(told(after(again, meet(second, "0101", at(9))))).toEqual([[second, "0b", 9]])
    expect(told(after(again, draft => forgetContact(draft, family)))).toEqual([])
  })

  it("[D151] what two admins do at once is never resolved in favour of a key that one of them did not see", () => {
    const met = after(fresh(), meet(first))
    expect(standing(both(met, verify(first), meet(second)))[0]).toBe("changed")
    expect(standing(both(fresh(), meet(first), meet(second)))[0]).toBe("changed")
    const changed = after(met, meet(second))
    expect(standing(both(changed, verify(first), verify(second)))[0]).toBe("changed")
  })

  it("[D151] who is forgotten is met anew, unverified", () => {
    const verified = after(after(fresh(), meet(first)), verify(first))
    const forgotten = after(verified, draft => forgetContact(draft, family))
    expect(must(parseContacts(forgotten)).met).toEqual([])
    expect(standing(after(forgotten, meet(first)))).toEqual(["unverified", first])
  })

  it("[D152] the own card and its sealed secrets stand apart; a card for one device more keeps the others", () => {
    const one = after(fresh(), draft => keepOwnCard(draft, { card: "01", wraps: new Map([["d1", "aa"]]) }))
    const two = after(one, draft => keepOwnCard(draft, { card: "02", wraps: new Map([["d2", "bb"]]) }))
    const read = must(parseContacts(two))
    expect([read.ownCard, [...read.wraps].sort(), read.met]).toEqual([
      "02",
      [
        ["d1", "aa"],
        ["d2", "bb"],
      ],
      [],
    ])
  })

  it("[D154] who a device is in a share stands by itself, and what is no id is left out", () => {
    const [device, pseudonym] = ["12".repeat(16), "34".repeat(16)]
    const noted = after(fresh(), draft => notePseudonym(draft, { group: family, device, pseudonym }))
    expect(must(parseContacts(noted)).pseudonyms).toEqual([{ group: family, device, pseudonym }])
    for (const wrong of [{ group: "12" }, { device: "x" }, { pseudonym: family }])
      expect(
        refusal(noted, draft => notePseudonym(draft, { group: family, device, pseudonym, ...wrong })),
      ).toBeDefined()
    const spoiled = A.change(noted as A.Doc<Record<string, Record<string, unknown>>>, root => {
      const own = root["own"]
      if (own !== undefined) own[`share/${family}/short`] = pseudonym
    })
    const read = must(parseContacts(spoiled))
    expect([read.pseudonyms.length, read.issues.length]).toEqual([1, 1])
  })

  it("[D6] what is no card, no id or nobody's is refused", () => {
    const met = after(fresh(), meet(first))
    for (const wrong of [meet(first, "xyz"), meet("short"), verify(second), verify("short")])
      expect(refusal(met, wrong)).toBeDefined()
    expect(
      refusal(met, draft => keepOwnCard(draft, { card: "0".repeat(10_000), wraps: new Map() })),
    ).toMatchObject({ type: "InvalidField", field: "card" })
  })

  it("[D4] a card that is none is reported and left out", () => {
    const spoiled = A.change(
      after(fresh(), meet(first)) as A.Doc<Record<string, Record<string, unknown>>>,
      root => {
        const met = root["met"]
        if (met === undefined) return
        met[`${family}/short/card`] = "01"
        met[`${family}/${second}/card`] = "no hex"
        met["nonsense"] = "x"
      },
    )
    const read = must(parseContacts(spoiled))
    expect(read.met.map(({ contact }) => contact)).toEqual([first])
    expect(read.issues).toHaveLength(2)
  })
})
