import type { SecureChannel } from "../replica/index.js"

/** Two ends of a channel inside one process: ordered, on later microtasks, until either end closes. */
export const createChannelPair = (): readonly [SecureChannel, SecureChannel] => {
  interface End {
    receive: ((bytes: Uint8Array) => void) | undefined
    closed: (() => void) | undefined
    early: Uint8Array[]
  }
  const ends: readonly [End, End] = [
    { receive: undefined, closed: undefined, early: [] },
    { receive: undefined, closed: undefined, early: [] },
  ]
  let isOpen = true
  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    for (const end of ends) void Promise.resolve().then(() => end.closed?.())
  }
  const channel = (own: End, other: End): SecureChannel => ({
    send: bytes => {
      if (!isOpen) return
      const copy = bytes.slice()
      void Promise.resolve().then(() => {
        if (other.receive === undefined) other.early.push(copy)
        else other.receive(copy)
      })
    },
    close,
    bufferedBytes: () => 0,
    onMessage: receive => {
      own.receive = receive
      for (const bytes of own.early.splice(0)) receive(bytes)
    },
    onClose: closed => {
      own.closed = closed
    },
  })
  return [channel(ends[0], ends[1]), channel(ends[1], ends[0])]
}
