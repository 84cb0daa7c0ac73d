import { expect, it } from "vitest"
import { parentsFirst } from "./parents-first.js"
import { createTestFamily, stateText } from "./testing/family.js"

it("[A60] a log that lies in any order is taken in by one pass, parents first", () => {
  const family = createTestFamily(3)
  const log = family.log()
  const by = family.founder.device.id
  const branch = family.log()
  const admission = (at: typeof log) =>
    family.body.addMember(at.state(), by, {
      member: family.member(),
      device: family.device(),
      role: "editor",
    })
  for (let i = 0; i < 20; i++) family.act(log, by, admission(log))
  for (let i = 0; i < 5; i++) log.add(family.act(branch, by, admission(branch)))
  family.act(log, by, admission(log))
  for (const shuffled of [log.operations().toReversed(), log.operations().toSorted(byId)]) {
    const again = family.log(parentsFirst(shuffled))
    expect(again.operations()).toHaveLength(log.operations().length)
    expect(stateText(again.state())).toBe(stateText(log.state()))
  }
  // Where the beginning is not here, nothing is lost either.
  expect(parentsFirst(log.operations().slice(3).toReversed())).toHaveLength(log.operations().length - 3)
})

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1)
