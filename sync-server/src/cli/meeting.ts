import { type ChannelError, type OpenedChannel, openChannel, patternXxPsk3 } from "@home/crypto"
import { type DeviceId, type Result, type Socket, equalBytes } from "@home/shared/base"
import { type JoinProgress, openRendezvous } from "@home/shared/replica"
import { type Invitation, type Sealer, joinPath, joinPrologue, linkKeyHash } from "@home/shared/wire"
import { type Meeting, watchClose, within } from "@home/shared/device"
import { native } from "../native/all.js"
import { atPath } from "./addresses.js"
import { fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"

/** How long an invitation is good, and how long a newcomer looks for whoever showed it; milliseconds. */
export const invitationMs = 5 * 60 * 1000
/** How long two who have met may take, a person's answer included; milliseconds. */
export const talkMs = 10 * 60 * 1000
/** What each LAN address gets before the next one is tried, milliseconds. */
const lanMs = 4_000
/** At a relay the other side may have to wake up first, milliseconds. */
const relayMs = 30_000

const ignoreLate = (result: Result<OpenedChannel, ChannelError>): void => {
  if (result.ok) result.value.channel.close()
}

/**
 * Dials whoever showed an invitation: first in the local network, then through the relay. The other side is the one
 * that the invitation names, or nobody.
 */
export const dialInvitation = async (
  home: Home,
  sealer: Sealer,
  invitation: Invitation,
  options: { readonly linkSecret: Uint8Array; readonly digits: boolean },
): Outcome<Meeting> => {
  const shake = async (bare: Socket, timeoutMs: number): Promise<Meeting | "refused" | undefined> => {
    const { socket, closed } = watchClose(bare)
    const opening = openChannel(socket, {
      pattern: patternXxPsk3,
      role: "initiator",
      prologue: joinPrologue,
      random: home.random,
      primitives: native,
      staticSecret: options.linkSecret,
      psk: invitation.secret,
      digits: options.digits,
    })
    const opened = await within(home, timeoutMs, opening, ignoreLate)
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
    const socket = await home.dialer.connect(atPath(address, joinPath)).catch(() => undefined)
    const opened = socket && (await shake(socket, lanMs))
    if (opened === "refused") wasRefused = true
    else if (opened !== undefined) return { ok: true, value: opened }
  }
  if (invitation.relay !== undefined) {
    const relay = { url: invitation.relay, origin: invitation.relay }
    const socket = openRendezvous({ ...home, sealer }, relay, invitation.secret, "newcomer")
    const opened = await shake(socket, relayMs)
    if (opened === "refused") wasRefused = true
    else if (opened !== undefined) return { ok: true, value: opened }
  }
  return wasRefused
    ? fail("refused", "the other side does not know this code: it was used or has expired")
    : fail("unreachable", "nobody answers at the addresses of this code")
}

/** Closes a channel whose other side goes silent in the middle, so that nobody waits for ever. */
export const bounded = async <T>(
  home: Pick<Home, "clock">,
  channel: { close(): void },
  delayMs: number,
  talk: Promise<T>,
): Promise<T> => {
  const cancel = home.clock.after(delayMs, () => channel.close())
  try {
    return await talk
  } finally {
    cancel()
  }
}

/** A long log takes its time: how far it is, on the terminal. */
export const showProgress =
  (home: Pick<Home, "terminal">) =>
  ({ doneBytes, totalBytes }: JoinProgress): void =>
    home.terminal.progress(
      doneBytes < totalBytes
        ? `handing over the family's log: ${Math.floor((100 * doneBytes) / totalBytes)} %`
        : undefined,
    )

/** The newcomer is in the log, and whether it knows that, nobody here can tell. */
export const neverStored = (name: string, device: DeviceId) =>
  fail(
    "unreachable",
    `${name} is admitted, but never said that everything is stored there. If it works on that device, all is well; ` +
      `if it does not, take the device out with "home remove ${device}" and begin anew`,
  )
