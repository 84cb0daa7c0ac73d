import { describe, expect, it } from "vitest"
import type { ChangeHash, CircleId, DocumentId } from "../base/index.js"
import type { GroupLog } from "./log.js"
import type { OperationBody, Role } from "./operation.js"
import { may, movedTo } from "./policy.js"
import { createTestFamily, outcomeName } from "./testing/family.js"

const document = "dd".repeat(16) as DocumentId
const here = "aa".repeat(16) as DocumentId
const there = "bb".repeat(16) as DocumentId
const heads = (digit: string): readonly ChangeHash[] => [digit.repeat(64) as ChangeHash]

/** A founder, an admin, an editor and a user, and a circle of the first three. */
const home = () => {
  const family = createTestFamily(11)
  const log = family.log()
  const founder = family.founder
  const admit = (role: Role) => {
    const person = { member: family.member(), device: family.device() }
    family.act(
      log,
      founder.device.id,
      family.body.addMember(log.state(), founder.device.id, { ...person, role }),
    )
    return person
  }
  const [anna, ben, carl] = [admit("admin"), admit("editor"), admit("user")]
  const circleOf = (by: typeof anna, others: readonly (typeof anna)[]): CircleId => {
    const members = [by.member, ...others.map(({ member }) => member)]
    const body = family.body.newCircle(log, by.device.id, members)
    family.act(log, by.device.id, body)
    if (body.type !== "circle") throw new Error("no circle")
    return body.circle
  }
  const adults = circleOf(founder, [anna, ben])
  const move = (toCircle: CircleId, to = here, frontier = heads("1"), circle = log.state().everyone) =>
    ({ type: "move", circle, document, toCircle, to, frontier }) as const
  const said = (by: typeof anna, body: OperationBody, at: GroupLog = log): string =>
    outcomeName(family.tell(at, by.device.id, body))
  const copy = (): GroupLog => family.log(log.operations())
  return { family, log, founder, anna, ben, carl, adults, circleOf, move, said, copy }
}

describe("a document goes to another circle", () => {
  it("[A34] by an editor who reads both, or by who is alone in the old one", () => {
    const { founder, anna, ben, carl, adults, circleOf, move, said, copy, log } = home()
    const kids = circleOf(founder, [carl])
    for (const [by, body, outcome] of [
      [ben, move(adults), "Added"],
      [anna, move(adults), "Added"],
      [carl, move(kids), "RoleTooLow"],
      [carl, move(adults), "RoleTooLow"],
      [ben, move(kids), "CircleNotRead"],
      [ben, move(log.state().everyone, here, heads("1"), kids), "CircleNotRead"],
      [ben, move(log.state().everyone), "Pointless"],
      [ben, move("ee".repeat(16) as CircleId), "TargetUnknown"],
    ] as const) {
      expect([outcome, said(by, body, copy())]).toEqual([outcome, outcome])
    }
    const own = circleOf(carl, [])
    expect(said(carl, move(log.state().everyone, here, heads("1"), own))).toBe("Added")
  })

  it("[A34] the phrase moves nothing: it could only take away", () => {
    const { family, log, adults, move } = home()
    expect(outcomeName(family.tell(log, "recovery", move(adults)))).toBe("Pointless")
  })

  it("[A34] once; a second time to the same place it takes along what came late", () => {
    const { log, anna, ben, adults, circleOf, move, said } = home()
    const two = circleOf(anna, [ben])
    expect(said(ben, move(adults))).toBe("Added")
    expect(said(anna, move(two, there))).toBe("MovedAlready")
    expect(said(anna, move(adults))).toBe("Pointless")
    expect(said(anna, move(adults, here, heads("2")))).toBe("Added")
    expect(log.state().moves.get(document)).toMatchObject([{ to: here, frontier: heads("2") }])
    expect(
      log
        .state()
        .arrivals.get(here)
        ?.map(({ frontier }) => frontier[0])
        .sort(),
    ).toEqual([heads("1")[0], heads("2")[0]])
  })

  it("[A34] of concurrent moves the highest-ranked says where it is, and the others leave a copy", () => {
    const { log, anna, ben, adults, circleOf, move, said, copy } = home()
    const two = circleOf(anna, [ben])
    const away = copy()
    expect(said(ben, move(adults), away)).toBe("Added")
    expect(said(anna, move(two, there))).toBe("Added")
    for (const operation of away.operations()) log.add(operation)
    const state = log.state()
    expect(movedTo(state, { area: "notes", document })?.to).toBe(there)
    expect([...state.arrivals.keys()].sort()).toEqual([here, there].sort())
  })

  it("[A35] whoever knows of it writes the new document, and not the old one", () => {
    const { log, anna, ben, adults, move, said } = home()
    const { everyone } = log.state()
    const before = log.state()
    expect(said(ben, move(adults))).toBe("Added")
    const target = { circle: everyone, document, name: "x" } as const
    for (const area of ["notes", "plans"] as const) {
      expect(may(before, anna.device.id, "write", { ...target, area })).toBe(true)
      expect(may(log.state(), anna.device.id, "write", { ...target, area })).toBe(false)
      expect(may(log.state(), anna.device.id, "read", { ...target, area })).toBe(true)
    }
    expect(
      may(log.state(), ben.device.id, "write", { circle: adults, document: here, area: "notes", name: "y" }),
    ).toBe(true)
    // An editor closes nothing with it but what can be moved.
    for (const area of ["catalogue", "ledger", "book", "chat"] as const)
      expect(may(log.state(), anna.device.id, "write", { ...target, area })).toBe(true)
  })

  it("[A35] its policy goes along", () => {
    const { family, log, founder, ben, carl, circleOf, move, said } = home()
    const { everyone } = log.state()
    const kids = circleOf(founder, [ben, carl])
    const change = { type: "docPolicy", circle: everyone, document, usersWrite: false, invited: [] } as const
    family.act(log, founder.device.id, {
      ...change,
      taking: family.taking(log.state(), founder.device.id, change),
    })
    expect(said(ben, move(kids))).toBe("Added")
    const target = { circle: kids, document: here, area: "notes", name: "y" } as const
    expect(may(log.state(), carl.device.id, "write", target)).toBe(false)
    expect(may(log.state(), ben.device.id, "write", target)).toBe(true)
  })
})
