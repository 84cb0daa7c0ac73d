import "@automerge/automerge"
import { createSealer } from "@home/crypto"
import type { MemberId } from "@home/shared/base"
import { type TestDevice, createTestFamily } from "@home/shared/testing"
import { beforeAll, describe, expect, it } from "vitest"
import { membershipOf, standingOf } from "./membership.js"

const world = createTestFamily({ sealer: random => createSealer({ random }) })
let anna: TestDevice
let tablet: TestDevice
let ben: TestDevice
let cleo: TestDevice

const memberOf = ({ replica, identity }: TestDevice): MemberId => {
  const member = replica.session.state().devices.get(identity.id)?.member
  if (member === undefined) throw new Error("not a member")
  return member
}
/** What `viewer` may do to the member of `target` and to that device. */
const mayOf = async (viewer: TestDevice, target: TestDevice) => {
  const { members } = await membershipOf(viewer.replica, memberOf(viewer))
  const member = members.find(({ id }) => id === memberOf(target))
  const device = member?.devices.find(({ id }) => id === target.identity.id)
  return { member: member?.may, device: device?.may }
}
const nothing = {
  member: { remove: false, giveRoles: [] },
  device: { remove: false, suspend: false, resume: false, makeMain: false },
}

beforeAll(async () => {
  anna = await world.found("Anna")
  tablet = await world.join(anna, "Anna", "own device")
  ben = await world.join(anna, "Ben", "admin")
  cleo = await world.join(anna, "Cleo", "editor")
  for (const other of [tablet, ben, cleo]) await world.sync(anna, other)
})

describe("what a screen may offer", () => {
  it("[E50] is what the family's log would take from this device now, and nothing else", async () => {
    const toRaise = ["admin", "user", "guest"]
    expect(await mayOf(anna, cleo)).toEqual({
      member: { remove: true, giveRoles: toRaise },
      device: { ...nothing.device, remove: true, suspend: true },
    })
    expect(await mayOf(anna, anna)).toEqual(nothing)
    expect((await mayOf(anna, tablet)).device).toEqual({
      remove: true,
      suspend: true,
      resume: false,
      makeMain: true,
    })
    expect((await mayOf(tablet, anna)).device).toMatchObject({ remove: false, makeMain: false })
    // Any admin may stop a senior's device for now, and do no more to it.
    expect(await mayOf(ben, anna)).toEqual({ ...nothing, device: { ...nothing.device, suspend: true } })
    expect((await mayOf(ben, cleo)).member).toEqual({ remove: true, giveRoles: toRaise })
    for (const target of [anna, ben]) expect(await mayOf(cleo, target)).toEqual(nothing)
    const standing = (device: TestDevice) => {
      const { mayInvite, mayAddDevice, isJunior } = standingOf(device.replica, memberOf(device), 0)
      return [mayInvite, mayAddDevice, isJunior]
    }
    expect([anna, tablet, ben, cleo].map(standing)).toEqual([
      [true, true, false],
      [true, true, true],
      [true, true, false],
      [false, true, false],
    ])
  })

  it("[E51] a suspended device is told so; whoever may lift it is offered that, and then it is as before", async () => {
    const { id } = ben.identity
    expect((await anna.replica.act(author => author.suspend(id))).ok).toBe(true)
    for (const other of [ben, cleo]) await world.sync(anna, other)
    expect(standingOf(ben.replica, memberOf(ben), 0)).toMatchObject({
      isLive: true,
      isSuspended: true,
      mayInvite: false,
    })
    expect((await mayOf(anna, ben)).device).toMatchObject({ resume: true })
    const devices = (await membershipOf(anna.replica, memberOf(anna))).members.flatMap(each => each.devices)
    const readsOf = (of: TestDevice) => devices.find(device => device.id === of.identity.id)?.reads
    expect([readsOf(cleo), readsOf(ben)]).toEqual([[anna.replica.everyone()], []])
    expect((await mayOf(cleo, ben)).device).toMatchObject({ resume: false })
    expect((await mayOf(ben, ben)).device).toMatchObject({ resume: false })
    expect((await anna.replica.act({ type: "resume", device: id })).ok).toBe(true)
    await anna.replica.tend()
    await world.sync(anna, ben)
    expect(standingOf(ben.replica, memberOf(ben), 0)).toMatchObject({ isSuspended: false, mayInvite: true })
  })
})
