import { type LinkSession, type Replica, type SecureChannel, createLinkSession } from "@home/shared/replica"
import type { Chance } from "./chance.js"
import type { SimulationClock } from "./clock.js"
import type { SimulatedDevice } from "./device.js"

export interface Link {
  readonly ends: readonly [SimulatedDevice, SimulatedDevice]
  readonly sessions: readonly [LinkSession, LinkSession]
  readonly isOpen: boolean
  close(): void
}

/** A channel keeps order and borders, or breaks: here after so many messages. */
const createChannelPair = (
  clock: SimulationClock,
  chance: Chance,
  messagesLeft: number,
): readonly [SecureChannel, SecureChannel] => {
  interface End {
    receive: ((bytes: Uint8Array) => void) | undefined
    closed: (() => void) | undefined
    early: Uint8Array[]
    lastArrivalMs: number
  }
  const newEnd = (): End => ({ receive: undefined, closed: undefined, early: [], lastArrivalMs: 0 })
  const ends = [newEnd(), newEnd()] as const
  let isOpen = true
  let left = messagesLeft
  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    for (const end of ends) clock.after(1, () => end.closed?.())
  }
  const channel = (own: End, other: End): SecureChannel => ({
    send: bytes => {
      if (!isOpen) return
      if (left-- <= 0) return close()
      const copy = bytes.slice()
      other.lastArrivalMs = Math.max(clock.now() + 1 + chance.below(5), other.lastArrivalMs)
      clock.after(other.lastArrivalMs - clock.now(), () => {
        if (!isOpen) return
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

/** A session closes its link when something throws in it: here that is a failure of the seed. */
const watched = (replica: Replica, failed: (error: unknown) => void): Replica => {
  const watch = <T>(work: Promise<T>): Promise<T> => {
    work.catch(failed)
    return work
  }
  return {
    ...replica,
    receive: (raw, from) => watch(replica.receive(raw, from)),
    introduce: (raw, from) => watch(replica.introduce(raw, from)),
    caughtUp: () => watch(replica.caughtUp()),
  }
}

const knows = (one: Replica, other: SimulatedDevice) => (): boolean =>
  one.session.state().devices.get(other.identity.id)?.live === true

/** Connects two running devices. `messagesLeft`: the link breaks after so many. */
export const connect = (
  deps: {
    readonly clock: SimulationClock
    readonly chance: Chance
    readonly failed: (error: unknown) => void
  },
  a: SimulatedDevice,
  b: SimulatedDevice,
  messagesLeft: number,
): Link | undefined => {
  const one = a.running?.replica
  const two = b.running?.replica
  if (one === undefined || two === undefined) return undefined
  const channels = createChannelPair(deps.clock, deps.chance, messagesLeft)
  let isOpen = true
  const onClosed = (): void => {
    isOpen = false
  }
  const session = (own: SimulatedDevice, replica: Replica, other: SimulatedDevice, channel: SecureChannel) =>
    createLinkSession(
      watched(replica, deps.failed),
      channel,
      { name: `link ${other.name}`, isKeeper: own.isKeeper, isAuthorised: knows(replica, other) },
      { onClosed },
    )
  const sessions = [session(a, one, b, channels[0]), session(b, two, a, channels[1])] as const
  return {
    ends: [a, b],
    sessions,
    get isOpen() {
      return isOpen
    },
    close: () => {
      for (const one of sessions) one.close()
    },
  }
}
