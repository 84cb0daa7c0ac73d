import { type Clock, type Dialer, type Random, type Socket, hexToBytes } from "@home/shared/base"
import { challengeDomain, nonceBytes } from "@home/shared/wire"
import { createGroupCommit } from "../../sync-server/src/relay/group-commit.js"
import { type RelayLimits, defaultRelayLimits } from "../../sync-server/src/relay/limits.js"
import { createMailboxMemory, createMemoryMailbox } from "../../sync-server/src/relay/mailbox-memory.js"
import type { Verify } from "../../sync-server/src/relay/server.js"
import { type RelayEffect, type RelayEvent, createRelayState } from "../../sync-server/src/relay/state.js"
import { step } from "../../sync-server/src/relay/step.js"
import { type Wire, createSocketPair } from "./socket.js"

export const relayOrigin = "wss://relay.simulated"
const dayMs = 24 * 60 * 60 * 1000
export const relayTtlMs = 2 * dayMs
/** Whole families of one world come from one address and join anew after each fault. */
const limits: RelayLimits = {
  ...defaultRelayLimits,
  ttlMs: relayTtlMs,
  tickMs: 5_000,
  joinRate: { burst: 100_000, perSecond: 1_000 },
  addressByteRate: { burst: 1_000_000_000, perSecond: 1_000_000 },
  addressRoomRate: { burst: 100_000, perSecond: 1_000 },
}

/** The real relay's step and memory mailbox behind sockets in memory. */
export interface SimulatedRelay {
  readonly dialer: Dialer
  /** Ends as SIGKILL does: what was posted and not stored yet is gone. It answers again after `start`. */
  kill(): void
  start(): void
  /** Its disk was lost: another store, nothing in it. Only while it is down. */
  forget(): void
  /** Every blob that it holds, for the search of canaries. */
  stored(): Iterable<Uint8Array>
  readonly isUp: boolean
}

export const createSimulatedRelay = (deps: {
  readonly clock: Clock
  readonly random: Random
  readonly verify: Verify
  readonly wire: Wire
}): SimulatedRelay => {
  const { clock, random, wire } = deps
  let memory = createMailboxMemory(random)
  let run: ReturnType<typeof startRun> | undefined

  const startRun = () => {
    const mailbox = createMemoryMailbox(memory, limits)
    const state = createRelayState(limits, mailbox.store, undefined)
    const sockets = new Map<number, Socket>()
    let nextConnection = 1
    let isOver = false
    let cancelTick = (): void => {}

    const dispatch = (event: RelayEvent): void => {
      if (!isOver) for (const effect of step(state, event)) perform(effect)
    }
    const commit = createGroupCommit({
      mailbox,
      clock,
      limits,
      onStored: (posts, outcomes, rooms) => dispatch({ type: "Stored", posts, outcomes, rooms }),
    })
    const perform = (effect: RelayEffect): void => {
      switch (effect.type) {
        case "Send": {
          const { connection } = effect
          sockets.get(connection)?.send(effect.bytes)
          clock.after(1, () => dispatch({ type: "Sent", connection, buffered: 0 }))
          break
        }
        case "Close":
          sockets.get(effect.connection)?.close()
          break
        case "Verify": {
          const { connection, join, message } = effect
          const key = hexToBytes(join.room) ?? new Uint8Array(0)
          void deps
            .verify(challengeDomain, key, message, join.signature)
            .catch(() => false)
            .then(valid => dispatch({ type: "Verified", connection, join, valid, nowMs: clock.now() }))
          break
        }
        case "OpenRoom":
          void mailbox.open(effect.room).then(place => {
            dispatch({ type: "RoomOpened", room: effect.room, place, nowMs: clock.now() })
          })
          break
        case "Store":
          commit.add(effect.post)
          break
        case "ReadPage": {
          const { connection, room, read, after } = effect
          const page = { bytes: limits.pageBytes, blobs: limits.pageBlobs }
          void mailbox.read(room, after, page).then(found => {
            dispatch({ type: "PageRead", connection, room, read, page: found })
          })
          break
        }
      }
    }
    const tick = (): void => {
      cancelTick = clock.after(limits.tickMs, () => {
        dispatch({ type: "Tick", nowMs: clock.now() })
        void mailbox.expire(clock.now()).then(rooms => {
          dispatch({ type: "Expired", rooms })
          if (!isOver) tick()
        })
      })
    }
    tick()

    return {
      accept: (socket: Socket): void => {
        const connection = nextConnection++
        sockets.set(connection, socket)
        socket.onClose(() => {
          sockets.delete(connection)
          dispatch({ type: "Disconnected", connection, nowMs: clock.now() })
        })
        const nonce = random.bytes(nonceBytes)
        dispatch({ type: "Connected", connection, address: "one", nonce, nowMs: clock.now() })
        socket.onMessage(bytes => dispatch({ type: "Received", connection, bytes, nowMs: clock.now() }))
      },
      end: (): void => {
        isOver = true
        cancelTick()
        for (const socket of [...sockets.values()]) socket.close()
      },
    }
  }

  return {
    get isUp() {
      return run !== undefined
    },
    dialer: {
      connect: async () => {
        await new Promise<void>(resolve => clock.after(wire.latencyMs(), resolve))
        if (run === undefined) throw new Error("nobody answers")
        const [device, relay] = createSocketPair(clock, wire)
        run.accept(relay)
        return device
      },
    },
    kill: () => {
      run?.end()
      run = undefined
    },
    start: () => {
      run ??= startRun()
    },
    forget: () => {
      memory = createMailboxMemory(random)
    },
    stored: function* () {
      for (const room of memory.rooms.values()) for (const { blob } of room.blobs.values()) yield blob
    },
  }
}
