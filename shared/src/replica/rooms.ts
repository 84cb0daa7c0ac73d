import { type CircleId, type DeviceId, type RoomId, bytesToHex, hexToBytes } from "../base/index.js"
import type { RoomKeys, Sealer } from "../wire/index.js"
import { type RecoveryKeys, liveDevicesOf } from "../access/index.js"
import { circlesReadBy } from "./author.js"
import type { DeviceIdentity } from "./identity.js"
import type { Replica } from "./replica-port.js"

/**
 * A relay room that a device listens to.
 * Circle: content of a circle and the log; it moves with each rekey. Door: a pairwise room with the box or with
 * an admin's device, for who was away longer than a relay remembers: log only. Recovery: the log and the recovery
 * note, found by whoever has the phrase.
 */
export interface Room {
  readonly id: RoomId
  readonly keys: RoomKeys
  readonly circle: CircleId | undefined
  /** What stays the same when the room moves: under it is noted what the relay was given. */
  readonly scope: string
  /** New bundles go here. False: an older epoch's, in which something may still arrive. */
  readonly isCurrent: boolean
  /** Both tell here what they have. So it is in a circle, and at the door of a device that reads none of ours. */
  readonly hasReceipts: boolean
}

export const isRecoveryRoom = ({ scope }: Room): boolean => scope.startsWith("recovery ")

/** The scope of a circle's rooms, whatever their epoch. */
export const circleScope = (circle: CircleId): string => circle

/** Superseded epochs whose rooms are still listened to: within a relay's TTL nobody rekeys more often. */
const olderRooms = 4

const circleRooms = (
  replica: Replica,
): readonly { circle: CircleId; key: Uint8Array; isCurrent: boolean }[] => {
  const { session } = replica
  const state = session.state()
  const found: { circle: CircleId; key: Uint8Array; isCurrent: boolean }[] = []
  for (const circle of circlesReadBy(state, replica.device)) {
    const current = session.keyring.sealingKey(state, circle)
    if (current !== undefined) found.push({ circle, key: current.key, isCurrent: true })
    const heads = state.circles.get(circle)?.heads ?? []
    const older = [...(state.circles.get(circle)?.epochs.keys() ?? [])].filter(
      epoch => !heads.includes(epoch),
    )
    for (const epoch of [...heads, ...older.slice(-olderRooms)]) {
      const key = session.keyring.epochKey(epoch)
      if (key !== undefined) found.push({ circle, key, isCurrent: false })
    }
  }
  return found
}

/** The devices with which this one shares a door: with the box and the admins everyone, with others nobody. */
const doorPeers = (replica: Replica): readonly { id: DeviceId; link: Uint8Array; hasReceipts: boolean }[] => {
  const state = replica.session.state()
  const opens = (device: DeviceId): boolean => {
    const member = state.members.get(state.devices.get(device)?.member ?? ("" as never))
    return member?.kind === "box" || member?.role === "admin"
  }
  const isOpener = opens(replica.device)
  const met = new Set(circlesReadBy(state, replica.device).flatMap(circle => liveDevicesOf(state, circle)))
  return (
    [...state.devices.values()]
      .filter(device => device.live && device.id !== replica.device && (isOpener || opens(device.id)))
      // A share's voucher is a key, and stands at no door.
      .filter(device => device.id !== state.voucher?.device)
      .map(({ id, keys }) => ({ id, link: keys.link, hasReceipts: !met.has(id) }))
  )
}

/**
 * The secret (32 bytes) of the room in which the family leaves what the recovery phrase needs, as the phrase alone finds
 * it. It follows from a public key that nobody but the family's members knows, and moves when the phrase is replaced.
 */
export const recoveryRoomOf = (sealer: Pick<Sealer, "hash">, recovery: RecoveryKeys): Uint8Array =>
  sealer.hash("recovery room", recovery.wrap)

/** The same of a share: whoever has the key of its log finds the log. */
export const shareRoomOf = (sealer: Pick<Sealer, "hash">, logKey: Uint8Array): Uint8Array =>
  sealer.hash("share room", logKey)

/** Every room that a device listens to at one relay. A device that is not live in the log has none. */
export const roomsOf = (
  replica: Replica,
  deps: { readonly sealer: Sealer; readonly identity: DeviceIdentity },
  origin: string,
): readonly Room[] => {
  const { sealer, identity } = deps
  const rooms = new Map<RoomId, Room>()
  const add = (secret: Uint8Array, room: Omit<Room, "id" | "keys">): void => {
    const keys = sealer.roomOf(secret, origin)
    const id = bytesToHex(keys.id) as RoomId
    if (!rooms.has(id)) rooms.set(id, { id, keys, ...room })
  }
  if (replica.session.state().devices.get(replica.device)?.live !== true) return []
  for (const { circle, key, isCurrent } of circleRooms(replica))
    add(key, { circle, scope: circleScope(circle), isCurrent, hasReceipts: isCurrent })
  const context = hexToBytes(replica.group) ?? new Uint8Array(0)
  for (const peer of doorPeers(replica)) {
    const secret = sealer.pairwiseSecret(identity.secrets.link, peer.link, context)
    const { hasReceipts } = peer
    add(secret, { circle: undefined, scope: `door ${peer.id}`, isCurrent: true, hasReceipts })
  }
  const { recovery, kind } = replica.session.state()
  // With another phrase it is another room, to which nothing was given yet.
  const scope = `recovery ${bytesToHex(recovery.wrap)}`
  const secret =
    kind === "share" ? shareRoomOf(sealer, replica.session.keyring.log.key) : recoveryRoomOf(sealer, recovery)
  add(secret, { circle: undefined, scope, isCurrent: true, hasReceipts: false })
  return [...rooms.values()]
}
