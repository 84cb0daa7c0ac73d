import type { Clock, Socket } from "../base/index.js"
import type { OpenedChannel } from "./local-device.js"
import { within } from "./within.js"

/** A channel to somebody met by an invitation. */
export interface Meeting extends OpenedChannel {
  /** Resolves once nothing more leaves: through a relay, when the last message is acknowledged there. */
  readonly closed: Promise<void>
}

/** A little more than a socket through a relay lingers for its last message, milliseconds. */
const partingMs = 11_000

/** The same socket, and when it is closed. A socket tells one listener only, and that is the channel's. */
export const watchClose = (socket: Socket): { readonly socket: Socket; readonly closed: Promise<void> } => {
  let isClosed = (): void => {}
  const closed = new Promise<void>(resolve => {
    isClosed = resolve
  })
  return {
    socket: {
      ...socket,
      onClose: listener =>
        socket.onClose(() => {
          isClosed()
          listener()
        }),
    },
    closed,
  }
}

/**
 * Waits until what was said last is on its way, before the process may end: without the newcomer's Done, or the
 * host's no, the other side would wait until the talk's time is over.
 */
export const parted = async (
  deps: { readonly clock: Clock },
  meeting: Pick<Meeting, "closed">,
): Promise<void> => {
  await within(deps, partingMs, meeting.closed, () => {})
}
