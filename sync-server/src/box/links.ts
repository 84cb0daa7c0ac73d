import { openChannel, patternIk } from "@home/crypto"
import { type Clock, type DeviceId, type Log, type Random, type Socket, equalBytes } from "@home/shared/base"
import { type LinkSession, type SecureChannel, createLinkSession, farewellTo } from "@home/shared/replica"
import { isStayOver } from "@home/shared/access"
import { encodePeerMessage, linkPrologue, sharePrologue } from "@home/shared/wire"
import { native } from "../native/all.js"
import type { OpenDevice } from "../profile/device.js"
import { confirmedChannel } from "./confirmed-channel.js"
import { boxLimits } from "./limits.js"

export interface LinksDeps {
  readonly device: OpenDevice
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** The family's devices that are connected to the box. */
export interface Links {
  /** Somebody at the link path, or at the one for shares. */
  take(socket: Socket, address: string, purpose: "link" | "share"): void
  /** A signal of this box to every device that is connected and belongs to the family. */
  sendSignal(signal: Uint8Array): void
  close(): void
}

interface Link {
  readonly session: LinkSession
  readonly linkKey: Uint8Array
}

export const createLinks = (
  { device, clock, random, log }: LinksDeps,
  events: {
    readonly onSettled: (session: LinkSession) => void
    /** An admin's device wants to bring this box into a share. */
    readonly onShare: (channel: SecureChannel) => void
  },
): Links => {
  const { replica, profile } = device
  const links = new Set<Link>()
  const countByAddress = new Map<string, number>()
  let sockets = 0
  let named = 0
  let isClosed = false

  /** The device that a link key belongs to, live or not. By this clock a guest whose stay is over is not. */
  const ownerOf = (linkKey: Uint8Array): { readonly id: DeviceId; readonly live: boolean } | undefined => {
    const state = replica.session.state()
    for (const { id, keys, live } of state.devices.values()) {
      if (equalBytes(keys.link, linkKey)) return { id, live: live && !isStayOver(state, id, clock.now()) }
    }
    return undefined
  }
  const isLive = (linkKey: Uint8Array): boolean => ownerOf(linkKey)?.live === true
  const isAdmins = (device: DeviceId): boolean => {
    const { devices, members } = replica.session.state()
    const owner = devices.get(device)
    return owner?.suspended === false && members.get(owner.member)?.role === "admin"
  }

  const isFull = (address: string): boolean =>
    isClosed || sockets >= boxLimits.links || (countByAddress.get(address) ?? 0) >= boxLimits.linksPerAddress

  const count = (address: string, change: 1 | -1): void => {
    sockets += change
    const next = (countByAddress.get(address) ?? 0) + change
    if (next === 0) countByAddress.delete(address)
    else countByAddress.set(address, next)
  }

  /** A removed device, or one whose member was, is cut off as soon as the removal is here. */
  const cutRemoved = (): void => {
    for (const { session, linkKey } of links) if (ownerOf(linkKey)?.live === false) session.close()
  }

  const passOn = async (signal: Uint8Array, from: Link): Promise<void> => {
    const opened = await device.signals.open(signal)
    // Of a circle that is not ours nothing can be told; the devices in it judge for themselves.
    if (opened?.kind === "receipt" && !(await device.receipts.take(opened))) return
    for (const link of links) if (link !== from && isLive(link.linkKey)) link.session.sendSignal(signal)
  }

  const open = (channel: SecureChannel, linkKey: Uint8Array): void => {
    const id = ownerOf(linkKey)?.id
    // The device's other connection is dead or will be; one session each, or everything would be sent twice.
    for (const other of links)
      if (id !== undefined && ownerOf(other.linkKey)?.id === id) other.session.close()
    named += 1
    let cancelIntroduction = (): void => {}
    const session = createLinkSession(
      replica,
      channel,
      {
        name: `link ${named}`,
        isKeeper: true,
        isAuthorised: () => isLive(linkKey),
        blobs: { held: device.blobs, isPeerKeeper: false },
      },
      {
        onSettled: () => events.onSettled(session),
        onSignal: signal => {
          passOn(signal, link).catch(() => log.event("signal lost"))
        },
        onClosed: () => {
          links.delete(link)
          cancelIntroduction()
          log.event("link closed", { links: links.size })
        },
      },
    )
    const link: Link = { session, linkKey }
    links.add(link)
    if (id === undefined) {
      cancelIntroduction = clock.after(boxLimits.introductionMs, () => {
        if (!isLive(linkKey)) session.close()
      })
    }
    log.event("link open", { links: links.size, known: id !== undefined })
  }

  const takeNow = async (socket: Socket, address: string, purpose: "link" | "share"): Promise<void> => {
    if (isFull(address)) return socket.close()
    count(address, 1)
    const cancel = clock.after(boxLimits.handshakeMs, () => socket.close())
    const counted: Socket = {
      ...socket,
      onClose: closed =>
        socket.onClose(() => {
          count(address, -1)
          closed()
        }),
    }
    const opened = await openChannel(counted, {
      pattern: patternIk,
      role: "responder",
      prologue: purpose === "link" ? linkPrologue : sharePrologue,
      random,
      primitives: native,
      staticSecret: profile.content.identity.secrets.link,
    })
    cancel()
    if (!opened.ok) return log.event("link refused", { reason: "handshake" })
    const { channel, remoteStatic } = opened.value
    const confirmed = await confirmedChannel(clock, channel, boxLimits.handshakeMs)
    if (confirmed === undefined || isClosed) return log.event("link refused", { reason: "silent" })
    const owner = ownerOf(remoteStatic)
    if (purpose === "share") {
      if (owner?.live === true && isAdmins(owner.id)) return events.onShare(confirmed)
      confirmed.close()
      return log.event("share refused", { reason: "role" })
    }
    if (owner?.live === false) {
      for (const bundles of await farewellTo(device.sealer, replica, owner.id))
        confirmed.send(encodePeerMessage({ type: "Bundles", bundles }))
      confirmed.close()
      return log.event("link refused", { reason: "removed" })
    }
    open(confirmed, remoteStatic)
  }

  const stopListening = replica.onAppended(cutRemoved)

  return {
    take: (socket, address, purpose) => void takeNow(socket, address, purpose),
    sendSignal: signal => {
      for (const link of links) if (isLive(link.linkKey)) link.session.sendSignal(signal)
    },
    close: () => {
      isClosed = true
      stopListening()
      for (const { session } of links) session.close()
    },
  }
}
