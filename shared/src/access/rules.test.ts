import { describe, expect, it } from "vitest"
import type { BundleHash, FeedId, OperationId } from "../base/index.js"
import { type GroupLog } from "./log.js"
import type { Author, Operation, Role } from "./operation.js"
import { compareRank, recoveryRank } from "./rank.js"
import { liveDevicesOf, missingWraps, needsRekey, rankOf } from "./readers.js"
import { createTestFamily, effectText, outcomeName, stateText } from "./testing/family.js"

type Family = ReturnType<typeof createTestFamily>

/** A founder and three admitted in turn: what most rules need. */
const home = () => {
  const family = createTestFamily(7)
  const log = family.log()
  const admit = (at: GroupLog, by: Author, role: Role, circles?: readonly never[]) => {
    const person = { member: family.member(), device: family.device() }
    const newcomer = { ...person, role, ...(circles ? { circles } : {}) }
    family.act(at, by, family.body.addMember(at.state(), by, newcomer))
    return person
  }
  const founder = family.founder
  const anna = admit(log, founder.device.id, "admin")
  const ben = admit(log, founder.device.id, "admin")
  const carl = admit(log, founder.device.id, "user")
  return { family, log, admit, founder, anna, ben, carl }
}

/** A second copy that knows the same, to act on apart. */
const copy = (family: Family, log: GroupLog): GroupLog => family.log(log.operations())
const join = (log: GroupLog, other: GroupLog): GroupLog => {
  for (const operation of other.operations()) log.add(operation)
  return log
}
const said = (family: Family, log: GroupLog, author: Author, body: Operation["body"]): string =>
  outcomeName(family.tell(log, author, body))
const feed = (digit: string): FeedId => digit.repeat(64) as FeedId
const cut = (digit: string) => [
  { feed: feed(digit), heads: [{ seq: 1, hash: "aa".repeat(32) as BundleHash }] },
]

describe("the log", () => {
  it("[A5] says whether it took an operation, knows it, lacks a parent, or refuses it", () => {
    const { family, log, founder } = home()
    const later = copy(family, log)
    const first = family.make(
      later,
      founder.device.id,
      family.body.addDevice(founder.member, family.device()),
    )
    later.add(first)
    const second = family.make(
      later,
      founder.device.id,
      family.body.addDevice(founder.member, family.device()),
    )
    expect(log.add(second)).toEqual({ missing: [first.id] })
    expect(log.add(first)).toBe("Added")
    expect(log.add(first)).toBe("Duplicate")
    expect(log.add({ ...second, seq: second.seq + 1 })).toEqual({
      refused: { type: "SeqWrong", expected: second.seq },
    })
    expect(log.add(second)).toBe("Added")
    const other = createTestFamily(8)
    expect(
      outcomeName(
        log.add(
          other.make(
            other.log(),
            other.founder.device.id,
            family.body.addDevice(founder.member, family.device()),
          ),
        ),
      ),
    ).toBe("OtherGroup")
    expect(stateText(log.state())).toBe(stateText(family.log(log.operations()).state()))
  })

  it("[A6] names the key that must have signed", () => {
    const { family, log, anna, founder } = home()
    const byAnna = family.make(log, anna.device.id, family.body.addDevice(anna.member, family.device()))
    expect(log.signerOf(byAnna)).toEqual(anna.device.keys.signing)
    expect(log.signerOf(family.genesis)).toEqual(founder.device.keys.signing)
    const byPhrase = family.make(log, "recovery", family.body.setRecovery(log.state(), "recovery"))
    expect(log.signerOf(byPhrase)).toEqual(log.state().recovery.signing)
    expect(log.signerOf({ ...byAnna, parents: ["ee".repeat(32) as OperationId] })).toBe(undefined)
    expect(log.signerOf({ ...byAnna, author: family.device().id })).toBe(undefined)
  })

  it("[A7] refuses what it carries but does not fold yet", () => {
    const { family, log, founder } = home()
    const document = "dd".repeat(16) as never
    const circle = log.state().everyone
    expect(said(family, log, founder.device.id, { type: "deleteDocument", circle, document })).toBe("NotYet")
  })
})

describe("rank and seals", () => {
  it("[A10] orders recovery, founder, members and devices strictly", () => {
    const { family, log, anna, ben, founder } = home()
    const second = family.device()
    family.act(log, founder.device.id, family.body.addDevice(founder.member, second))
    const order = [founder.device.id, second.id, anna.device.id, ben.device.id]
    const ranks = [recoveryRank, ...order.map(id => rankOf(log.state(), id) ?? recoveryRank)]
    for (let i = 1; i < ranks.length; i++) {
      expect(compareRank(ranks[i - 1] ?? recoveryRank, ranks[i] ?? recoveryRank)).toBeLessThan(0)
    }
    expect(log.state().founder).toBe(founder.member)
  })

  it("[A11] only a strictly higher rank removes or demotes, and only an admin another member", () => {
    const { family, log, anna, ben, carl, founder } = home()
    const { body } = family
    expect(said(family, log, ben.device.id, body.removeMember(log.state(), ben.device.id, anna.member))).toBe(
      "RankTooLow",
    )
    expect(said(family, log, ben.device.id, body.removeMember(log.state(), ben.device.id, ben.member))).toBe(
      "RankTooLow",
    )
    expect(
      said(family, log, anna.device.id, body.setRole(log.state(), anna.device.id, founder.member, "user")),
    ).toBe("RankTooLow")
    expect(
      said(family, log, anna.device.id, body.removeDevice(log.state(), anna.device.id, founder.device.id)),
    ).toBe("RankTooLow")
    const dora = family.member()
    family.act(
      log,
      ben.device.id,
      body.addMember(log.state(), ben.device.id, { member: dora, device: family.device(), role: "user" }),
    )
    expect(said(family, log, carl.device.id, body.removeMember(log.state(), carl.device.id, dora))).toBe(
      "RoleTooLow",
    )
    expect(
      said(family, log, anna.device.id, body.removeMember(log.state(), anna.device.id, ben.member)),
    ).toBe("Added")
  })

  it("[A12] a removal is a seal: what the target did beside or after it is void, whenever it arrives", () => {
    const { family, log, founder, anna } = home()
    const away = copy(family, log)
    const early = family.act(log, anna.device.id, family.body.addDevice(anna.member, family.device()))
    family.act(log, founder.device.id, family.body.removeMember(log.state(), founder.device.id, anna.member))
    const effect = effectText(log.state())
    const puppet = { member: family.member(), device: family.device(), role: "admin" } as const
    const late = family.act(away, anna.device.id, family.body.addMember(away.state(), anna.device.id, puppet))
    join(log, away)
    expect(log.state().void).toEqual(new Set([late.id]))
    expect(log.state().void.has(early.id)).toBe(false)
    expect(log.state().members.has(puppet.member)).toBe(false)
    expect(effectText(log.state())).toBe(effect)
  })

  it("[A12] the seal of a device voids the operations of that device alone", () => {
    const { family, log, anna, founder } = home()
    const tablet = family.device()
    family.act(log, anna.device.id, family.body.addDevice(anna.member, tablet))
    const away = copy(family, log)
    family.act(log, founder.device.id, family.body.removeDevice(log.state(), founder.device.id, tablet.id))
    const byTablet = family.act(away, tablet.id, family.body.addDevice(anna.member, family.device()))
    const away2 = copy(family, log)
    const byPhone = family.act(away2, anna.device.id, family.body.addDevice(anna.member, family.device()))
    join(join(log, away), away2)
    expect([...log.state().void]).toEqual([byTablet.id])
    expect(log.state().void.has(byPhone.id)).toBe(false)
    expect(log.state().devices.get(tablet.id)?.live).toBe(false)
  })

  it("[A13] what void operations granted is void too", () => {
    const { family, log, founder, anna, ben } = home()
    const away = copy(family, log)
    const puppet = { member: family.member(), device: family.device(), role: "admin" } as const
    family.act(away, anna.device.id, family.body.addMember(away.state(), anna.device.id, puppet))
    family.act(away, puppet.device.id, family.body.addDevice(puppet.member, family.device()))
    const grandchild = { member: family.member(), device: family.device(), role: "user" } as const
    family.act(away, puppet.device.id, family.body.addMember(away.state(), puppet.device.id, grandchild))
    family.act(log, founder.device.id, family.body.removeMember(log.state(), founder.device.id, anna.member))
    join(log, away)
    expect(log.state().void.size).toBe(3)
    expect(log.state().members.has(puppet.member)).toBe(false)
    expect(log.state().members.has(grandchild.member)).toBe(false)
    expect(log.state().members.get(ben.member)?.live).toBe(true)
  })

  it("[A14] of removals that cross, the higher rank's counts", () => {
    const { family, log, founder, anna, ben, carl } = home()
    const one = copy(family, log)
    const two = copy(family, log)
    family.act(one, founder.device.id, family.body.removeMember(one.state(), founder.device.id, anna.member))
    family.act(two, anna.device.id, family.body.removeMember(two.state(), anna.device.id, ben.member))
    family.act(log, ben.device.id, family.body.removeMember(log.state(), ben.device.id, carl.member))
    family.act(two, carl.device.id, family.body.addDevice(carl.member, family.device()))
    join(join(log, two), one)
    const live = (who: typeof anna) => log.state().members.get(who.member)?.live
    expect([live(anna), live(ben), live(carl)]).toEqual([false, true, false])
  })

  it("[A15] a demotion voids what the target did beside it that wants the lost role, and nothing else", () => {
    const { family, log, founder, anna } = home()
    const away = copy(family, log)
    family.act(
      log,
      founder.device.id,
      family.body.setRole(log.state(), founder.device.id, anna.member, "user"),
    )
    const tablet = family.device()
    family.act(away, anna.device.id, family.body.addDevice(anna.member, tablet))
    const puppet = { member: family.member(), device: family.device(), role: "admin" } as const
    const late = family.act(away, anna.device.id, family.body.addMember(away.state(), anna.device.id, puppet))
    join(log, away)
    expect([...log.state().void]).toEqual([late.id])
    expect(log.state().devices.get(tablet.id)?.live).toBe(true)
    expect(log.state().members.get(anna.member)?.role).toBe("user")
  })

  it("[A16] a yield makes two change places; only the highest device yields its member's rank", () => {
    const { family, log, founder, anna } = home()
    const phone = family.device()
    family.act(log, founder.device.id, family.body.addDevice(founder.member, phone))
    const toAnna = { type: "yield", to: { type: "Member", member: anna.member } } as const
    expect(said(family, log, phone.id, toAnna)).toBe("RankTooLow")
    expect(
      said(family, log, phone.id, family.body.removeDevice(log.state(), phone.id, founder.device.id)),
    ).toBe("RankTooLow")
    family.act(log, founder.device.id, { type: "yield", to: { type: "Device", device: phone.id } })
    expect(
      said(family, log, phone.id, family.body.removeDevice(log.state(), phone.id, founder.device.id)),
    ).toBe("Added")
    family.act(log, phone.id, toAnna)
    expect(log.state().founder).toBe(anna.member)
    expect(said(family, log, phone.id, family.body.removeMember(log.state(), phone.id, anna.member))).toBe(
      "RankTooLow",
    )
    expect(
      said(
        family,
        log,
        anna.device.id,
        family.body.removeMember(log.state(), anna.device.id, founder.member),
      ),
    ).toBe("Added")
  })

  it("[A17] of two admissions of one member the higher-ranked one counts", () => {
    const { family, log, founder, ben } = home()
    const away = copy(family, log)
    const member = family.member()
    const real = { member, device: family.device(), role: "user" } as const
    const false1 = { member, device: family.device(), role: "admin" } as const
    family.act(log, founder.device.id, family.body.addDevice(founder.member, family.device()))
    family.act(log, founder.device.id, family.body.addMember(log.state(), founder.device.id, real))
    family.act(away, ben.device.id, family.body.addMember(away.state(), ben.device.id, false1))
    join(log, away)
    expect(log.state().members.get(member)?.role).toBe("user")
    expect(log.state().devices.has(false1.device.id)).toBe(false)
  })

  it("[A18] of concurrent roles the highest-ranked author's counts", () => {
    const { family, log, founder, anna, carl } = home()
    const away = copy(family, log)
    family.act(away, anna.device.id, family.body.setRole(away.state(), anna.device.id, carl.member, "guest"))
    family.act(
      log,
      founder.device.id,
      family.body.setRole(log.state(), founder.device.id, carl.member, "editor"),
    )
    join(log, away)
    expect(log.state().members.get(carl.member)?.role).toBe("editor")
  })
})

describe("what takes rights", () => {
  it("[A20] embeds a rekey for every circle that author and target share, wrapped to exactly the rest", () => {
    const { family, log, founder, anna } = home()
    const whole = family.body.removeMember(log.state(), founder.device.id, anna.member)
    if (whole.type !== "removeMember") throw new Error("not a removal")
    const [rekey] = whole.taking.rekeys
    if (rekey === undefined) throw new Error("no rekey")
    const without = { ...whole, taking: { ...whole.taking, rekeys: [] } }
    expect(said(family, log, founder.device.id, without)).toBe("RekeyWrong")
    const nothing = { ...whole, taking: { circles: [], cuts: [], rekeys: [] } }
    expect(said(family, log, founder.device.id, nothing)).toBe("RekeyWrong")
    const toAnna = { ...rekey, wraps: [...rekey.wraps, { ...rekey.wraps[0], to: anna.device.id } as never] }
    expect(
      said(family, log, founder.device.id, { ...whole, taking: { ...whole.taking, rekeys: [toAnna] } }),
    ).toBe("RekeyWrong")
    const stale = { ...rekey, replaces: [] }
    expect(
      said(family, log, founder.device.id, { ...whole, taking: { ...whole.taking, rekeys: [stale] } }),
    ).toBe("RekeyWrong")
    expect(said(family, log, founder.device.id, whole)).toBe("Added")
    expect(liveDevicesOf(log.state(), log.state().everyone)).not.toContain(anna.device.id)
    expect(needsRekey(log.state(), log.state().everyone)).toBe(undefined)
  })

  it("[A21] cuts bind in the circles that the author reads; in others the first rekey carries them", () => {
    const { family, log, founder, anna, ben, carl } = home()
    const circle = family.body.newCircle(log, anna.device.id, [anna.member, carl.member])
    family.act(log, anna.device.id, circle)
    family.act(
      log,
      founder.device.id,
      family.body.removeMember(log.state(), founder.device.id, carl.member, cut("1")),
    )
    expect(log.state().cutRules.map(rule => rule.circle)).toEqual([log.state().everyone])
    expect(needsRekey(log.state(), circle.circle)).toBe("dead device")
    const first = family.act(
      log,
      anna.device.id,
      family.body.rekey(log.state(), anna.device.id, circle.circle, cut("2")),
    )
    family.act(log, anna.device.id, family.body.rekey(log.state(), anna.device.id, circle.circle, cut("3")))
    const there = log.state().cutRules.filter(rule => rule.circle === circle.circle)
    expect(there).toEqual([
      { operation: first.id, device: carl.device.id, circle: circle.circle, cuts: cut("2") },
    ])
    expect(ben).toBeDefined()
  })

  it("[A21] a rekey that has not heard of a newcomer does not exclude him: the cuts of his removal count", () => {
    const { family, log, founder, anna } = home()
    const away = copy(family, log)
    const { everyone } = away.state()
    const dave = { member: family.member(), device: family.device() }
    const heads = away.state().circles.get(everyone)?.heads ?? []
    const wraps = heads.map(epoch => ({
      circle: everyone,
      epoch,
      to: dave.device.id,
      sealed: Uint8Array.of(1),
    }))
    family.act(
      away,
      anna.device.id,
      family.body.addMember(away.state(), anna.device.id, { ...dave, role: "editor", wraps }),
    )
    // Something before it, so that the fold comes to the rekey after the admission.
    family.act(log, founder.device.id, family.body.newCircle(log, founder.device.id, [founder.member]))
    family.act(log, founder.device.id, family.body.rekey(log.state(), founder.device.id, everyone))
    const removal = family.act(
      away,
      anna.device.id,
      family.body.removeDevice(away.state(), anna.device.id, dave.device.id, cut("1")),
    )
    for (const merged of [join(copy(family, log), away), join(copy(family, away), log)]) {
      expect(merged.state().cutRules).toEqual([
        { operation: removal.id, device: dave.device.id, circle: everyone, cuts: cut("1") },
      ])
    }
  })

  it("[A22] of concurrent cuts the highest-ranked author's count", () => {
    const { family, log, founder, anna, carl } = home()
    const away = copy(family, log)
    family.act(
      away,
      anna.device.id,
      family.body.removeMember(away.state(), anna.device.id, carl.member, cut("1")),
    )
    const higher = family.act(
      log,
      founder.device.id,
      family.body.removeMember(log.state(), founder.device.id, carl.member, cut("2")),
    )
    join(log, away)
    expect(log.state().cutRules).toEqual([
      { operation: higher.id, device: carl.device.id, circle: log.state().everyone, cuts: cut("2") },
    ])
  })

  it("[A23] any admin suspends any device; its operations count, its content is held", () => {
    const { family, log, founder, ben, carl } = home()
    expect(
      said(family, log, carl.device.id, family.body.suspend(log.state(), carl.device.id, ben.device.id)),
    ).toBe("RoleTooLow")
    family.act(log, ben.device.id, family.body.suspend(log.state(), ben.device.id, founder.device.id))
    const { everyone } = log.state()
    expect(liveDevicesOf(log.state(), everyone)).not.toContain(founder.device.id)
    expect(log.state().cutRules.map(rule => rule.device)).toEqual([founder.device.id])
    expect(said(family, log, founder.device.id, family.body.addDevice(founder.member, family.device()))).toBe(
      "Added",
    )
  })

  it("[A24] a suspension is lifted by the member's earlier devices, a higher rank or recovery, not by itself", () => {
    const { family, log, founder, anna, ben, carl } = home()
    const tablet = family.device()
    family.act(log, carl.device.id, family.body.addDevice(carl.member, tablet))
    family.act(log, anna.device.id, family.body.suspend(log.state(), anna.device.id, carl.device.id))
    const resume = { type: "resume", device: carl.device.id } as const
    const { id } = carl.device
    expect(said(family, log, id, resume)).toBe("RankTooLow")
    const added = family.device()
    family.act(log, id, family.body.addDevice(carl.member, added))
    expect(said(family, log, added.id, resume)).toBe("RankTooLow")
    for (const by of [tablet.id, founder.device.id, "recovery"] as const) {
      expect(said(family, copy(family, log), by, resume)).toBe("Added")
    }
    family.act(log, tablet.id, resume)
    expect(log.state().devices.get(id)?.suspended).toBe(false)
    expect(log.state().cutRules).toEqual([])
    expect(missingWraps(log.state(), log.state().everyone).map(({ device }) => device)).toContain(id)
    expect(ben).toBeDefined()
  })

  it("[A25] a member removes his own junior device with any role", () => {
    const { family, log, carl } = home()
    const tablet = family.device()
    family.act(log, carl.device.id, family.body.addDevice(carl.member, tablet))
    expect(
      said(family, log, tablet.id, family.body.removeDevice(log.state(), tablet.id, carl.device.id)),
    ).toBe("RankTooLow")
    expect(
      said(family, log, carl.device.id, family.body.removeDevice(log.state(), carl.device.id, tablet.id)),
    ).toBe("Added")
  })

  it("[A26] recovery expels a founder, and a new phrase seals off the old one only when the old one set it", () => {
    const { family, log, founder, anna } = home()
    const old = copy(family, log)
    expect(said(family, log, anna.device.id, family.body.setRecovery(log.state(), anna.device.id))).toBe(
      "RankTooLow",
    )
    const byFounder = copy(family, log)
    family.act(byFounder, founder.device.id, family.body.setRecovery(byFounder.state(), founder.device.id))
    expect(needsRekey(byFounder.state(), byFounder.state().everyone)).toBe(undefined)
    const rescue = copy(family, old)
    const tablet = family.device()
    family.act(rescue, "recovery", family.body.addDevice(anna.member, tablet))
    const saved = join(copy(family, byFounder), rescue).state()
    expect(saved.void.size).toBe(0)
    expect(saved.devices.get(tablet.id)?.live).toBe(true)
    family.act(old, "recovery", family.body.removeMember(old.state(), "recovery", founder.member))
    join(byFounder, old)
    expect(byFounder.state().members.get(founder.member)?.live).toBe(false)
    expect(byFounder.state().founder).toBe(anna.member)
    family.act(log, "recovery", family.body.setRecovery(log.state(), "recovery"))
    const stolen = family.log(log.operations().slice(0, -1))
    const theft = family.act(
      stolen,
      "recovery",
      family.body.removeMember(stolen.state(), "recovery", anna.member),
    )
    join(log, stolen)
    expect([...log.state().void]).toEqual([theft.id])
    expect(log.state().members.get(anna.member)?.live).toBe(true)
  })
})
