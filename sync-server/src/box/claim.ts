import {
  type DeviceIdentity,
  createDeviceIdentity,
  encodeIdentity,
  openChannel,
  parseIdentity,
  patternXxPsk3,
} from "@home/crypto"
import type { Clock, Dialer, Key, Log, Random, Socket } from "@home/shared/base"
import { operationChanges } from "@home/shared/device"
import { type Admitted, type SecureChannel, openRendezvous, requestJoin } from "@home/shared/replica"
import { type Sealer, encodeInvitation, joinPrologue, linkKeyHash } from "@home/shared/wire"
import { native } from "../native/all.js"
import { type OpenProfile, type SealedFolder, adoptProfile } from "../profile/profile.js"
import { createAttempts } from "./attempts.js"
import { boxLimits } from "./limits.js"

export interface ClaimDeps {
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
  readonly dialer: Dialer
  readonly log: Log
  readonly folder: SealedFolder
}

export interface ClaimOptions {
  /** ws:// addresses that the code names. */
  readonly addresses: readonly string[]
  /** A relay at which the code can be used as well. */
  readonly relay: string | undefined
  readonly name: string
}

export interface ClaimEvents {
  /** A code that replaces the one before. */
  onCode(code: string): void
  /** The box belongs to a family: stored. What the claimer does next waits for this. */
  onClaimed(profile: OpenProfile): Promise<void>
}

/** A box that belongs to nobody yet and waits for whoever has its code. */
export interface Claim {
  readonly code: string
  /** Somebody at the join path. */
  take(socket: Socket, address: string): void
  close(): void
}

const claimKey: Key = ["claim"]

/** Who the box will be, and the secret of its code: kept, so that a restart shows the same code. */
interface Ticket {
  readonly identity: DeviceIdentity
  readonly secret: Uint8Array
}

const secretBytes = 32

const loadTicket = async (folder: SealedFolder): Promise<Ticket | undefined> => {
  const stored = await folder.store.get(claimKey)
  const identity = stored && parseIdentity(stored.subarray(secretBytes))
  if (stored === undefined || identity?.ok !== true) return undefined
  return { secret: stored.slice(0, secretBytes), identity: identity.value }
}

/** `secret 32 | identity` */
const makeTicket = async ({ folder, random }: ClaimDeps): Promise<Ticket> => {
  const ticket = { secret: random.bytes(secretBytes), identity: createDeviceIdentity(random) }
  const value = new Uint8Array([...ticket.secret, ...encodeIdentity(ticket.identity)])
  await folder.store.write([{ type: "Put", key: claimKey, value }])
  return ticket
}

/** How a claim ended that did not succeed, and whether the code may be used again. */
type Outcome = "claimed" | "wrong secret" | "given up" | "perhaps admitted"

export const openClaim = async (
  deps: ClaimDeps,
  options: ClaimOptions,
  events: ClaimEvents,
): Promise<Claim> => {
  const { sealer, clock, random, log } = deps
  const attempts = createAttempts(boxLimits.claimAttempts)
  let ticket = (await loadTicket(deps.folder)) ?? (await makeTicket(deps))
  let rendezvous: Socket | undefined
  let isBusy = false
  let isOver = false
  let cancelMeeting = (): void => {}

  const codeOf = ({ identity, secret }: Ticket): string =>
    encodeInvitation({
      kind: "claim",
      addresses: options.addresses,
      relay: options.relay,
      secret,
      keyHash: linkKeyHash(sealer, identity.keys.link),
      expiresMs: undefined,
    })

  const adopt = async ({ identity }: Ticket, admitted: Admitted): Promise<void> => {
    const { group, member, logKey, relays, operations, bundles } = admitted
    await deps.folder.archive.append(bundles)
    const profile = await adoptProfile(
      deps.folder,
      { group, member, identity, logKey, relays, boxes: [], deviceName: options.name },
      [...operationChanges(sealer, operations), { type: "Remove", key: claimKey }],
    )
    await events.onClaimed(profile)
  }

  const join = async (channel: SecureChannel, current: Ticket): Promise<Outcome> => {
    let sent = 0
    const counted: SecureChannel = {
      ...channel,
      send: bytes => {
        sent += 1
        channel.send(bytes)
      },
    }
    const { identity } = current
    const joined = await requestJoin(counted, { sealer, identity }, { kind: "box", name: options.name })
    if (!joined.ok) {
      log.event("claim failed", { reason: joined.error.type })
      // The second message is the proof: from there on this identity may stand in the family's log.
      return sent >= 2 ? "perhaps admitted" : "given up"
    }
    isOver = true
    await adopt(current, joined.value.admitted)
    joined.value.done()
    close()
    log.event("claimed", { operations: joined.value.admitted.operations.length })
    return "claimed"
  }

  const shake = async (socket: Socket, current: Ticket): Promise<SecureChannel | undefined> => {
    const opened = await openChannel(socket, {
      pattern: patternXxPsk3,
      role: "responder",
      prologue: joinPrologue,
      random,
      primitives: native,
      staticSecret: current.identity.secrets.link,
      psk: current.secret,
    })
    return opened.ok ? opened.value.channel : undefined
  }

  /** One claim at a time: a second one meets a closed door, and may knock again when the first has failed. */
  const joinAlone = async (channel: SecureChannel, current: Ticket): Promise<Outcome> => {
    if (isBusy || isOver || current !== ticket) {
      channel.close()
      return "given up"
    }
    isBusy = true
    const cancel = clock.after(boxLimits.claimMs, () => channel.close())
    try {
      return await join(channel, current)
    } finally {
      cancel()
      isBusy = false
    }
  }

  const renew = async (): Promise<void> => {
    ticket = await makeTicket(deps)
    if (isOver) return
    log.event("claim code renewed")
    events.onCode(codeOf(ticket))
    rendezvous?.close()
    cancelMeeting()
    meetSafely()
  }

  const takeNow = async (socket: Socket, address: string): Promise<void> => {
    const beganMs = clock.now()
    if (isOver || !attempts.begin(address, beganMs)) return socket.close()
    const cancel = clock.after(boxLimits.handshakeMs, () => socket.close())
    const current = ticket
    const channel = await shake(socket, current)
    cancel()
    if (channel === undefined) return log.event("claim refused", { reason: "handshake" })
    attempts.succeeded(address, beganMs)
    const outcome = await joinAlone(channel, current)
    if (outcome === "perhaps admitted") await renew()
  }

  /** The same over the relay. What was said there stays there, so a room serves one attempt only. */
  const meet = async (): Promise<void> => {
    const { relay } = options
    if (relay === undefined || isOver) return
    const current = ticket
    const socket = openRendezvous(deps, { url: relay, origin: relay }, current.secret, "host")
    rendezvous = socket
    let isHeard = false
    const listening: Socket = {
      ...socket,
      onMessage: receive =>
        socket.onMessage(bytes => {
          isHeard = true
          receive(bytes)
        }),
    }
    const channel = await shake(listening, current)
    if (isOver || current !== ticket) return socket.close()
    if (channel === undefined) log.event("claim refused", { reason: isHeard ? "handshake" : "relay" })
    const outcome = channel === undefined ? "wrong secret" : await joinAlone(channel, current)
    if (outcome === "claimed" || isOver) return
    if (isHeard) await renew()
    else cancelMeeting = clock.after(boxLimits.rendezvousRetryMs, () => meetSafely())
  }

  /** What fails here (a full disk, a bug) ends this attempt with a line in the log, and nobody waits at a dead channel. */
  const guarded = (attempt: Promise<void>, end: () => void): void => {
    attempt.catch((error: unknown) => {
      log.event("claim broke off", { reason: error instanceof Error ? error.name : "unknown" })
      end()
    })
  }
  function meetSafely(): void {
    guarded(meet(), () => rendezvous?.close())
  }
  meetSafely()

  function close(): void {
    isOver = true
    cancelMeeting()
    rendezvous?.close()
  }

  return {
    get code() {
      return codeOf(ticket)
    },
    take: (socket, address) => guarded(takeNow(socket, address), () => socket.close()),
    close,
  }
}
