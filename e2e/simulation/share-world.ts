import type { DeviceId, GroupId, MemberId } from "@home/shared/base"
import { type Role, type Voucher, deviceIdOf, voucherKeysOf } from "@home/shared/access"
import { operationChanges } from "@home/shared/device"
import { acceptShare, foundShare } from "@home/shared/replica"
import { type View, differences, viewsOf } from "./check.js"
import type { SimulatedDevice } from "./device.js"
import { meet } from "./heal.js"
import { truth } from "./oracle.js"
import type { World } from "./world.js"

interface ContactSecrets {
  readonly signing: Uint8Array
  readonly agreement: Uint8Array
}

/** What two families know of their share besides the devices that are in it: a contact key each. */
export interface ShareOfTwo {
  readonly group: GroupId
  readonly logKey: Uint8Array
  readonly ours: ContactSecrets
  readonly theirs: ContactSecrets
  /** The other side's member, and its contact key as a device. */
  readonly member: MemberId
  readonly voucher: DeviceId
}

export type Side = "ours" | "theirs"

/** The founding device of a share. The contact key of its family stands where a family's phrase does. */
export const foundShareIn = async (world: World, name: string): Promise<SimulatedDevice> => {
  const { chance, sealer } = world
  const theirs = { signing: chance.bytes(32), agreement: chance.bytes(32) }
  const role = chance.oneOf(["editor", "editor", "user"] as const satisfies readonly Role[]) ?? "editor"
  const voucher: Voucher = {
    member: chance.hex(16) as MemberId,
    role,
    signing: sealer.signingKeyOf(theirs.signing),
    wrap: sealer.agreementKeyOf(theirs.agreement),
  }
  const identity = world.newIdentity()
  const { keys, secrets } = world.recovery
  const founded = await foundShare({ sealer, random: chance }, identity, keys, voucher)
  world.share = {
    group: founded.group,
    logKey: founded.logKey,
    ours: { signing: secrets.signing, agreement: secrets.wrap },
    theirs,
    member: voucher.member,
    voucher: deviceIdOf(voucherKeysOf(voucher), sealer.hash),
  }
  return world.adopt(name, identity, founded.logKey, founded.changes, false)
}

/** A device comes in by its family's contact key, with what some device has: that may be old. */
export const comeIn = async (
  world: World,
  share: ShareOfTwo,
  name: string,
  side: Side,
  from: SimulatedDevice,
): Promise<SimulatedDevice | undefined> => {
  const { sealer } = world
  const identity = world.newIdentity()
  const { archive } = from.profile
  const work = acceptShare({ sealer }, archive, share, share[side], identity)
  const accepted = await world.finish(`${name} comes in`, work)
  if (accepted?.ok !== true) return undefined
  const { operations, admission } = accepted.value
  const first = operationChanges(
    sealer,
    operations.map(({ bytes }) => bytes),
  )
  const { bundles } = await archive.readSince(0, Number.MAX_SAFE_INTEGER)
  const device = await world.adopt(name, identity, share.logKey, first, false, bundles)
  const replica = device.running?.replica
  if (replica === undefined) return undefined
  await world.finish(`${name} is let in`, replica.actAs(admission), device)
  return device
}

/** All devices are lost: the founding family's contact key and one archive show what the others showed. */
export const recoverShare = async (
  world: World,
  share: ShareOfTwo,
  views: readonly View[],
): Promise<readonly string[]> => {
  const source = views.find(({ device }) => device.isKeeper) ?? views[0]
  if (source === undefined) return []
  const device = await comeIn(world, share, "contact key", "ours", source.device)
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return ["the contact key opens nothing"]
  for (let round = 0; round < 2; round++) {
    for (const { device: other } of views) await meet(world, device, other)
    await world.finish("tending", replica.tend(), device)
  }
  world.coverage.count("contact key and archive")
  return differences(await viewsOf(world, truth(world))).map(difference => `after coming back: ${difference}`)
}
