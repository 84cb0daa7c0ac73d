import { type Clock, type Result, type Socket, equalBytes, err, ok } from "../base/index.js"
import { openRendezvous } from "../replica/index.js"
import { type Invitation, type Sealer, joinPath, linkKeyHash } from "../wire/index.js"
import { atPath } from "./at-path.js"
import type { ChannelError, NetDeps, OpenedChannel } from "./local-device.js"
import { type Meeting, watchClose } from "./parting.js"
import { within } from "./within.js"

/** How long an invitation is good, and how long a newcomer looks for whoever showed it; milliseconds. */
export const invitationMs = 5 * 60 * 1000
/** How long two who have met may take, a person's answer included; milliseconds. */
export const talkMs = 10 * 60 * 1000
/** What each LAN address gets before the next one is tried, milliseconds. */
const lanMs = 4_000
/** At a relay the other side may have to wake up first, milliseconds. */
const relayMs = 30_000

export type MeetError =
  /** The other side does not know this code: it was used or has expired. */
  | { readonly type: "Burnt" }
  /** Nobody answers at its addresses. */
  | { readonly type: "Unreachable" }

const ignoreLate = (result: Result<OpenedChannel, ChannelError>): void => {
  if (result.ok) result.value.channel.close()
}

/**
 * Dials whoever showed an invitation: first in the local network, then through the relay. The other side is the one
 * that the invitation names, or nobody.
 */
export const dialInvitation = async (
  deps: NetDeps,
  sealer: Sealer,
  invitation: Invitation,
  options: { readonly linkSecret: Uint8Array; readonly digits: boolean },
): Promise<Result<Meeting, MeetError>> => {
  const shake = async (bare: Socket, timeoutMs: number): Promise<Meeting | "refused" | undefined> => {
    const { socket, closed } = watchClose(bare)
    const opening = deps.openChannel(socket, {
      purpose: "join",
      role: "initiator",
      staticSecret: options.linkSecret,
      psk: invitation.secret,
      digits: options.digits,
    })
    const opened = await within(deps, timeoutMs, opening, ignoreLate)
    if (opened === undefined) {
      socket.close()
      return undefined
    }
    if (!opened.ok) return opened.error.type === "HandshakeFailed" ? "refused" : undefined
    if (equalBytes(linkKeyHash(sealer, opened.value.remoteStatic), invitation.keyHash))
      return { ...opened.value, closed }
    opened.value.channel.close()
    return "refused"
  }

  let wasRefused = false
  for (const address of invitation.addresses) {
    const socket = await deps.dialer.connect(atPath(address, joinPath)).catch(() => undefined)
    const opened = socket && (await shake(socket, lanMs))
    if (opened === "refused") wasRefused = true
    else if (opened !== undefined) return ok(opened)
  }
  if (invitation.relay !== undefined) {
    const relay = { url: invitation.relay, origin: invitation.relay }
    const socket = openRendezvous({ ...deps, sealer }, relay, invitation.secret, "newcomer")
    const opened = await shake(socket, relayMs)
    if (opened === "refused") wasRefused = true
    else if (opened !== undefined) return ok(opened)
  }
  return err({ type: wasRefused ? "Burnt" : "Unreachable" })
}

/** Closes a channel whose other side goes silent in the middle, so that nobody waits for ever. */
export const bounded = async <T>(
  deps: { readonly clock: Clock },
  channel: { close(): void },
  delayMs: number,
  talk: Promise<T>,
): Promise<T> => {
  const cancel = deps.clock.after(delayMs, () => channel.close())
  try {
    return await talk
  } finally {
    cancel()
  }
}
