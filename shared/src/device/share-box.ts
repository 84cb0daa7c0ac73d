import { ByteWriter, type DeviceId, type MemberId, type Result, bytesToHex, err, ok } from "../base/index.js"
import { type Device, deviceIdOf } from "../access/index.js"
import { type ActError, type JoinError, type Replica, actByContactKey, hostJoin } from "../replica/index.js"
import { sharePath } from "../wire/index.js"
import { atPath } from "./at-path.js"
import { createBoxAddresses } from "./box-addresses.js"
import { boxesOf } from "./box-link.js"
import type { LocalDevice, NetDeps } from "./local-device.js"
import { bounded } from "./meeting.js"
import type { ContactSecrets } from "./own-card.js"
import { keepPseudonym, pseudonymsIn } from "./share-pseudonyms.js"

/** A share on this device, open, with the secrets of this family's card. */
export interface HeldShare {
  readonly replica: Replica
  readonly logKey: Uint8Array
  /** Of both families: the box goes to all of them. */
  readonly relays: readonly string[]
  readonly secrets: ContactSecrets
}

export type ShareBoxError =
  /** This family has no box. */
  | { readonly type: "NoBox" }
  /** None of its boxes answered, or none would have it. */
  | { readonly type: "Unreachable" }
  | JoinError

/** What a box answers within when it is asked to come into a share, milliseconds. */
const handshakeMs = 5_000
const talkMs = 60_000

/** A box that stands in a share for this family: `undefined`, none does. */
export const boxInShare = async (
  family: Pick<LocalDevice, "replica">,
  share: Replica,
): Promise<{ readonly box: DeviceId; readonly pseudonym: DeviceId } | undefined> => {
  const pseudonyms = await pseudonymsIn(family, share.group)
  const state = share.session.state()
  for (const { id } of boxesOf(family)) {
    const pseudonym = pseudonyms.get(id)
    if (pseudonym !== undefined && state.devices.get(pseudonym)?.live === true) return { box: id, pseudonym }
  }
  return undefined
}

/**
 * The box's side of the channel is a newcomer's (`requestJoin`), with an identity made for the share. Before that it is
 * told which share: `version u8 (1) | group 32`.
 */
const hostAt = async (
  deps: NetDeps,
  family: LocalDevice,
  share: HeldShare,
  box: Device,
  address: string,
): Promise<Result<DeviceId, JoinError> | undefined> => {
  const socket = await deps.dialer.connect(atPath(address, sharePath)).catch(() => undefined)
  if (socket === undefined) return undefined
  const cancel = deps.clock.after(handshakeMs, () => socket.close())
  const opened = await deps.openChannel(socket, {
    purpose: "share",
    role: "initiator",
    staticSecret: family.content().identity.secrets.link,
    remoteStatic: box.keys.link,
  })
  cancel()
  if (!opened.ok) return undefined
  const { channel } = opened.value
  const { replica } = share
  const { sealer } = family
  channel.send(new ByteWriter().u8(1).hex(replica.group).done())
  const { voucher, devices } = replica.session.state()
  const isTheirs = voucher !== undefined && devices.get(replica.device)?.member === voucher.member
  const talk = hostJoin(channel, {
    sealer,
    replica,
    logKey: share.logKey,
    relays: share.relays,
    boxes: [],
    admitAs: isTheirs
      ? {
          type: "VouchedBox",
          member: voucher.member,
          act: write => actByContactKey({ ...deps, sealer }, replica, share.secrets.signing, write),
        }
      : { type: "Box", circles: [replica.everyone()] },
    newMemberId: () => bytesToHex(deps.random.bytes(16)) as MemberId,
    confirm: () => Promise.resolve(true),
  })
  const hosted = await bounded(deps, channel, talkMs, talk)
  if (!hosted.ok) return hosted
  const pseudonym = deviceIdOf(hosted.value.newcomer.keys, sealer.hash)
  if (!hosted.value.isStored) {
    await takeOutOfShare(deps, family, share, pseudonym)
    return err({ type: "ConnectionLost" })
  }
  await keepPseudonym(family, replica.group, box.id, pseudonym)
  return ok(pseudonym)
}

/**
 * Brings this family's box into a share, where it reads, keeps every bundle and carries it between the relays of both
 * families. The founding side's box stands there as a box; the other side's as one of its devices, with that side's role.
 */
export const bringBoxIntoShare = async (
  deps: NetDeps,
  family: LocalDevice,
  share: HeldShare,
): Promise<Result<DeviceId, ShareBoxError>> => {
  const there = await boxInShare(family, share.replica)
  if (there !== undefined) return ok(there.pseudonym)
  const boxes = boxesOf(family)
  if (boxes.length === 0) return err({ type: "NoBox" })
  const addresses = createBoxAddresses(family)
  for (const box of boxes) {
    for (const address of await addresses.of(box)) {
      const hosted = await hostAt(deps, family, share, box, address)
      if (hosted !== undefined) return hosted
    }
  }
  return err({ type: "Unreachable" })
}

/** Takes a device of this family out of a share, by the contact key: it outranks them all. */
export const takeOutOfShare = (
  deps: Pick<NetDeps, "random">,
  { sealer }: Pick<LocalDevice, "sealer">,
  { replica, secrets }: Pick<HeldShare, "replica" | "secrets">,
  pseudonym: DeviceId,
): Promise<Result<unknown, ActError>> => {
  const state = replica.session.state()
  const member = state.devices.get(pseudonym)?.member
  // A box of the founding side is a member of its own.
  const isBox = member !== undefined && state.members.get(member)?.kind === "box"
  return actByContactKey({ ...deps, sealer }, replica, secrets.signing, author =>
    isBox ? author.removeMember(member) : author.removeDevice(pseudonym),
  )
}
