import { type Result, type Socket, err, ok } from "../base/index.js"
import type { NetDeps } from "./local-device.js"
import { invitationMs } from "./meeting.js"
import { type Meeting, watchClose } from "./parting.js"

export type WaitError =
  /** Somebody answered with a wrong code: it was guessed at, and is good no more. */
  { readonly type: "Burnt" } | { readonly type: "Expired" } | { readonly type: "Cancelled" }

/** Whoever showed an invitation waits. */
export interface Waiting {
  /** A connection, from whichever side: many may try at once. */
  answer(socket: Socket): void
  /** The first who proves the secret; all others are closed by then. */
  readonly met: Promise<Result<Meeting, WaitError>>
  cancel(): void
}

/**
 * Answers the first who proves the secret. Whoever fails the handshake burns the invitation: he had something of
 * it, or tries to guess. Who only connects and goes away does not, nor who does not speak this handshake at all: he
 * found the port, and has learned nothing.
 */
export const waitForNewcomer = (
  deps: NetDeps,
  options: { readonly linkSecret: Uint8Array; readonly secret: Uint8Array },
): Waiting => {
  const others = new Set<Socket>()
  let isOver = false
  let settle: (result: Result<Meeting, WaitError>) => void = () => {}
  const met = new Promise<Result<Meeting, WaitError>>(resolve => {
    settle = resolve
  })
  const end = (result: Result<Meeting, WaitError>): void => {
    if (isOver) return
    isOver = true
    stopClock()
    for (const socket of others) socket.close()
    settle(result)
  }
  const stopClock = deps.clock.after(invitationMs, () => end(err({ type: "Expired" })))

  return {
    met,
    cancel: () => end(err({ type: "Cancelled" })),
    answer: bare => {
      if (isOver) return bare.close()
      const { socket, closed } = watchClose(bare)
      others.add(socket)
      void deps
        .openChannel(socket, {
          purpose: "join",
          role: "responder",
          staticSecret: options.linkSecret,
          psk: options.secret,
          digits: true,
        })
        .then(opened => {
          others.delete(socket)
          if (opened.ok && !isOver) end(ok({ ...opened.value, closed }))
          else if (opened.ok) opened.value.channel.close()
          else if (opened.error.type === "HandshakeFailed") end(err({ type: "Burnt" }))
        })
    },
  }
}
