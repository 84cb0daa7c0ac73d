import { createDeviceIdentity } from "@home/crypto"
import { ByteReader, type GroupId } from "@home/shared/base"
import { operationChanges, shareRecordPut, shareRecordRemove, visitRoom } from "@home/shared/device"
import { type SecureChannel, farewellTo, requestJoin, shareRoomOf } from "@home/shared/replica"
import { encodePeerMessage } from "@home/shared/wire"
import { openDevice } from "../profile/device.js"
import { type OpenProfile, eraseRemoved, openProfile, prepareProfile } from "../profile/profile.js"
import { placeOf, readShareFolders } from "../profile/share-folders.js"
import { type Keeping, type KeepingDeps, keepAtRelays } from "./keeping.js"
import { boxLimits } from "./limits.js"

/** The shares with other families that a box was brought into: each an archive and an identity of its own. */
export interface BoxShares {
  /** An admin's device of the family, behind the handshake. It says which share, and takes the box in. */
  take(channel: SecureChannel): void
  close(): Promise<void>
}

/** What the device says first: `version u8 (1) | group 32`. */
const readAsk = (bytes: Uint8Array): GroupId | undefined => {
  const reader = new ByteReader(bytes)
  if (reader.u8() !== 1) reader.fail()
  const group = reader.hex(32) as GroupId
  return reader.end() ? group : undefined
}

/** The first message, and a channel for those behind it. */
const firstOf = (
  channel: SecureChannel,
): Promise<{ readonly first: Uint8Array; readonly rest: SecureChannel } | undefined> =>
  new Promise(resolve => {
    let receive: ((bytes: Uint8Array) => void) | undefined
    let closed: (() => void) | undefined
    channel.onClose(() => {
      resolve(undefined)
      closed?.()
    })
    const rest: SecureChannel = {
      ...channel,
      onMessage: listener => (receive = listener),
      onClose: listener => (closed = listener),
    }
    channel.onMessage(bytes => {
      if (receive === undefined) resolve({ first: bytes, rest })
      else receive(bytes)
    })
  })

export const openBoxShares = async (deps: KeepingDeps): Promise<BoxShares> => {
  const { clock, random, log } = deps
  const { sealer, profile } = deps.device
  const { store, dir } = profile.folder
  const kept = new Map<GroupId, Keeping>()
  const coming = new Set<GroupId>()
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false

  /**
   * The box was taken out, or its side was. Its own family's devices may listen at relays that nobody else goes to any
   * more: it leaves them word of the end, and forgets the share.
   */
  const leave = async (own: OpenProfile, keeping: Keeping, parting: readonly Uint8Array[]): Promise<void> => {
    const { group, logKey, relays } = own.content
    kept.delete(group)
    await keeping.close()
    for (const url of relays) {
      const room = sealer.roomOf(shareRoomOf(sealer, logKey), url)
      for (const blob of parting) await visitRoom(deps, sealer, url, room, sealer.sealOuter(room, blob))
    }
    eraseRemoved(own.folder.dir)
    await store.write([shareRecordRemove(group)])
    log.event("left a share")
  }

  const open = async (own: OpenProfile): Promise<void> => {
    const device = await openDevice(own, deps, { isKeeper: true })
    const { replica } = device
    let isLeaving = false
    const end = (): void => {
      if (isLeaving || isClosed) return
      isLeaving = true
      last = last
        .then(async () => {
          const parts = await farewellTo(sealer, replica, replica.device)
          const parting = parts.map(bundles => encodePeerMessage({ type: "Bundles", bundles }))
          await leave(own, keeping, parting)
        })
        .catch((error: unknown) => {
          log.event("leaving broke off", { reason: error instanceof Error ? error.name : "unknown" })
        })
    }
    const keeping = keepAtRelays({ ...deps, device }, own.content.relays, { onRemoved: end })
    kept.set(own.content.group, keeping)
    if (replica.session.state().devices.get(replica.device)?.live !== true) end()
  }

  for (const folder of await readShareFolders(store, dir)) {
    const place = placeOf(dir, folder)
    const own = await openProfile(place.dir, place.secret, random)
    if (own.ok) await open(own.value)
    else log.event("share not opened", { reason: own.error.type })
  }

  const comeIn = async (channel: SecureChannel, group: GroupId): Promise<string> => {
    const identity = createDeviceIdentity(random)
    const joined = await requestJoin(channel, { sealer, identity }, { kind: "box", name: "" })
    if (!joined.ok) return joined.error.type
    const { admitted, done } = joined.value
    if (admitted.group !== group) return "ProtocolBroken"
    const { member, logKey, relays } = admitted
    const record = { group, key: random.bytes(32), family: profile.content.group, title: "" }
    await store.write([shareRecordPut(record)])
    const place = placeOf(dir, record)
    const made = await prepareProfile(
      place.dir,
      place.secret,
      random,
      { group, member, identity, logKey, relays, boxes: [], deviceName: "" },
      operationChanges(sealer, admitted.operations),
      admitted.bundles,
    )
    if (!made.ok) return made.error.type
    made.value.keep()
    await open(made.value.profile)
    done()
    return "came into a share"
  }

  const channels = new Set<SecureChannel>()
  const takeNow = async (channel: SecureChannel): Promise<void> => {
    channels.add(channel)
    const cancel = clock.after(boxLimits.shareMs, () => channel.close())
    const said = await firstOf(channel)
    const group = said && readAsk(said.first)
    const isFull = kept.size + coming.size >= boxLimits.shares
    if (
      said === undefined ||
      group === undefined ||
      kept.has(group) ||
      coming.has(group) ||
      isFull ||
      isClosed
    ) {
      cancel()
      channels.delete(channel)
      return channel.close()
    }
    coming.add(group)
    try {
      log.event("share", { outcome: await comeIn(said.rest, group) })
    } finally {
      cancel()
      coming.delete(group)
      channels.delete(channel)
      channel.close()
    }
  }

  return {
    take: channel => {
      last = Promise.all([
        last,
        takeNow(channel).catch((error: unknown) => {
          log.event("share broke off", { reason: error instanceof Error ? error.name : "unknown" })
          channel.close()
        }),
      ])
    },
    close: async () => {
      isClosed = true
      for (const channel of channels) channel.close()
      await last
      for (const keeping of kept.values()) await keeping.close()
      kept.clear()
    },
  }
}
