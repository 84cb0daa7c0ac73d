import type { Clock, Socket } from "@home/shared/base"
import type { Chance } from "./chance.js"
import type { Coverage } from "./coverage.js"

/** What the network does to frames on their way between a device and the relay. */
export interface Wire {
  latencyMs(): number
  /** What arrives of one frame, and when; `cut`: the connection breaks instead. */
  carry(
    frame: Uint8Array,
  ): readonly { readonly bytes: Uint8Array; readonly delayMs: number; readonly isLate: boolean }[] | "cut"
}

export interface FaultyWire extends Wire {
  /** Of 1: how often a frame suffers something. 0 in good weather. */
  faultRate: number
}

export const createFaultyWire = (
  chance: Chance,
  coverage: Coverage,
  seen: (frame: Uint8Array) => void,
): FaultyWire => {
  const latencyMs = (): number => 1 + chance.below(20)
  const altered = (frame: Uint8Array): Uint8Array => {
    const copy = frame.slice()
    const at = chance.below(copy.length)
    copy[at] = (copy[at] ?? 0) ^ (1 << chance.below(8))
    return copy
  }
  const wire: FaultyWire = {
    faultRate: 0,
    latencyMs,
    carry: frame => {
      seen(frame)
      const delayMs = latencyMs()
      const bytes = frame.slice()
      const intact = [{ bytes, delayMs, isLate: false }]
      if (!chance.isLucky(wire.faultRate)) return intact
      switch (chance.below(6)) {
        case 0:
          coverage.count("frame lost")
          return []
        case 1:
          coverage.count("frame doubled")
          return [...intact, { bytes, delayMs: delayMs + chance.below(300), isLate: true }]
        case 2:
          coverage.count("frame reordered")
          return [{ bytes, delayMs: delayMs + 20 + chance.below(400), isLate: true }]
        case 3:
          coverage.count("frame altered")
          return [{ bytes: altered(bytes), delayMs, isLate: false }]
        case 4:
          // Slow, and in order: everything behind it waits too.
          return [{ bytes, delayMs: delayMs + chance.below(2_000), isLate: false }]
        default:
          coverage.count("connection cut")
          return "cut"
      }
    },
  }
  return wire
}

interface End {
  receive: ((bytes: Uint8Array) => void) | undefined
  closed: (() => void) | undefined
  early: Uint8Array[]
  lastArrivalMs: number
}

/** The two ends of one connection over the wire. */
export const createSocketPair = (clock: Clock, wire: Wire): readonly [Socket, Socket] => {
  const newEnd = (): End => ({ receive: undefined, closed: undefined, early: [], lastArrivalMs: 0 })
  const ends = [newEnd(), newEnd()] as const
  let isOpen = true
  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    for (const end of ends) clock.after(wire.latencyMs(), () => end.closed?.())
  }
  const socket = (own: End, other: End): Socket => ({
    send: frame => {
      if (!isOpen) return
      const arrivals = wire.carry(frame)
      if (arrivals === "cut") return close()
      for (const { bytes, delayMs, isLate } of arrivals) {
        const atMs = isLate ? clock.now() + delayMs : Math.max(clock.now() + delayMs, other.lastArrivalMs)
        if (!isLate) other.lastArrivalMs = atMs
        clock.after(atMs - clock.now(), () => {
          if (!isOpen) return
          if (other.receive === undefined) other.early.push(bytes)
          else other.receive(bytes)
        })
      }
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
  return [socket(ends[0], ends[1]), socket(ends[1], ends[0])]
}
