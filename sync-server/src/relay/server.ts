import type { IncomingMessage, ServerResponse } from "node:http"
import { type Clock, type Log, type Random, type Result, hexToBytes, ok } from "@home/shared/base"
import { challengeDomain, frameLimits, nonceBytes } from "@home/shared/wire"
import { isLoopback } from "../net/address-key.js"
import { listen } from "../net/listen.js"
import type { Listen, ListenError } from "../net/listening.js"
import type { KeepAlive, WsSocket } from "../net/ws-socket.js"
import { createGroupCommit } from "./group-commit.js"
import { type RelayLimits, defaultRelayLimits } from "./limits.js"
import type { Mailbox } from "./mailbox.js"
import { type RelayEffect, type RelayEvent, createRelayState } from "./state.js"
import { step } from "./step.js"

/** Ed25519 under a domain: `verifySignature` of @home/crypto/verify. All of crypto that a relay has. */
export type Verify = (
  domain: string,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>

export interface RelayDeps {
  readonly mailbox: Mailbox
  readonly verify: Verify
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

export interface RelayOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly limits?: Partial<RelayLimits>
  /** The names that clients may know this relay by; left out: any (see SPEC.md). */
  readonly origins?: readonly string[]
  readonly trustForwardedFor?: boolean
  /** Counters for whoever asks; otherwise for this machine only. */
  readonly publicMetrics?: boolean
  readonly keepAlive?: KeepAlive
  /** Left out: a port of its own. */
  readonly listen?: Listen
}

export interface Relay {
  readonly host: string
  readonly port: number
  /** `ws://host:port` */
  readonly url: string
  /** Stops accepting, stores and acknowledges what was posted, closes the sockets with 1001. */
  close(): Promise<void>
}

const policyCode = 1008
const goingAwayCode = 1001
/** Time for peers to answer the closing handshake, milliseconds. */
const goodbyeMs = 1_000

/** Runs the relay on a port. It uses the mailbox but does not close it. */
export const openRelay = async (
  deps: RelayDeps,
  options: RelayOptions,
): Promise<Result<Relay, ListenError>> => {
  const { mailbox, clock, random, log } = deps
  const limits: RelayLimits = { ...defaultRelayLimits, ...options.limits }
  const origins = options.origins === undefined ? undefined : new Set(options.origins)
  const state = createRelayState(limits, mailbox.store, origins)
  const sockets = new Map<number, WsSocket>()
  let nextConnection = 1
  let isStoreWell = true
  let isClosed = false
  let allGone = (): void => {}

  const dispatch = (event: RelayEvent): void => {
    for (const effect of step(state, event)) perform(effect)
  }

  const commit = createGroupCommit({
    mailbox,
    clock,
    limits,
    onStored: (posts, outcomes, rooms) => {
      storeAnswered(!outcomes.includes("Failed"))
      dispatch({ type: "Stored", posts, outcomes, rooms })
    },
  })

  /** A failing store shows in the health and once in the log. */
  const storeAnswered = (isWell: boolean): void => {
    if (isWell !== isStoreWell) log.event(isWell ? "relay-store-recovered" : "relay-store-failed")
    isStoreWell = isWell
  }

  /** The store's answer, or `undefined` when it failed. */
  const fromStore = async <T>(answer: Promise<T>): Promise<T | undefined> => {
    try {
      const value = await answer
      storeAnswered(true)
      return value
    } catch {
      storeAnswered(false)
      return undefined
    }
  }

  const perform = (effect: RelayEffect): void => {
    switch (effect.type) {
      case "Send":
        sockets.get(effect.connection)?.send(effect.bytes)
        break
      case "Close":
        sockets.get(effect.connection)?.close(policyCode)
        break
      case "Verify":
        void verifyJoin(effect)
        break
      case "OpenRoom":
        void fromStore(mailbox.open(effect.room)).then(place => {
          dispatch({ type: "RoomOpened", room: effect.room, place, nowMs: clock.now() })
        })
        break
      case "Store":
        commit.add(effect.post)
        break
      case "ReadPage": {
        const { connection, room, read, after } = effect
        const page = { bytes: limits.pageBytes, blobs: limits.pageBlobs }
        void fromStore(mailbox.read(room, after, page)).then(found => {
          dispatch({ type: "PageRead", connection, room, read, page: found })
        })
        break
      }
    }
  }

  const verifyJoin = async (effect: Extract<RelayEffect, { type: "Verify" }>): Promise<void> => {
    const { connection, join, message } = effect
    const key = hexToBytes(join.room) ?? new Uint8Array(0)
    // A key that is no point of the curve may make an implementation throw: it proves nothing either.
    const valid = await deps.verify(challengeDomain, key, message, join.signature).catch(() => false)
    dispatch({ type: "Verified", connection, join, valid, nowMs: clock.now() })
  }

  const onSocket = (socket: WsSocket, address: string): void => {
    const connection = nextConnection++
    sockets.set(connection, socket)
    socket.onClose(() => {
      sockets.delete(connection)
      dispatch({ type: "Disconnected", connection, nowMs: clock.now() })
      if (sockets.size === 0) allGone()
    })
    socket.onSent(() => dispatch({ type: "Sent", connection, buffered: socket.bufferedBytes() }))
    const nonce = random.bytes(nonceBytes)
    dispatch({ type: "Connected", connection, address, nonce, nowMs: clock.now() })
    socket.onMessage(bytes => dispatch({ type: "Received", connection, bytes, nowMs: clock.now() }))
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body)
    }
    const isLocal =
      isLoopback(request.socket.remoteAddress) && request.headers["x-forwarded-for"] === undefined
    if (request.method !== "GET") answer(405, "text/plain", "")
    else if (request.url === "/health") {
      const isWell = isStoreWell && !isClosed
      answer(isWell ? 200 : 503, "application/json", JSON.stringify({ status: isWell ? "ok" : "failing" }))
    } else if (request.url === "/metrics" && (isLocal || options.publicMetrics === true)) {
      answer(200, "text/plain; version=0.0.4", metricsText())
    } else answer(404, "text/plain", "")
  }

  /** Prometheus text format: plain counts, nothing about who or which room. */
  const metricsText = (): string => {
    const lines = Object.entries(state.counts).map(([name, count]) => `home_relay_${name}_total ${count}`)
    lines.push(`home_relay_connections ${state.connections.size}`, `home_relay_rooms ${state.rooms.size}`)
    lines.push(`home_relay_pending_bytes ${state.pendingBytes}`)
    return `${lines.join("\n")}\n`
  }

  const listening = await (options.listen ?? listen)(
    clock,
    {
      host: options.host,
      port: options.port,
      maxMessageBytes: limits.blobBytes + frameLimits.overheadBytes,
      // A few more than the relay admits, so that they get their reason, and health checks an answer.
      maxConnections: limits.connections + 64,
      trustForwardedFor: options.trustForwardedFor ?? false,
      ...(options.keepAlive === undefined ? {} : { keepAlive: options.keepAlive }),
    },
    { onSocket, onRequest },
  )
  if (!listening.ok) return listening
  const { host, port, stop, close: cut } = listening.value

  let cancelTick = (): void => {}
  const scheduleTick = (): void => {
    cancelTick = clock.after(limits.tickMs, () => {
      dispatch({ type: "Tick", nowMs: clock.now() })
      void fromStore(mailbox.expire(clock.now())).then(rooms => {
        if (rooms !== undefined) dispatch({ type: "Expired", rooms })
        if (!isClosed) scheduleTick()
      })
    })
  }
  scheduleTick()

  const close = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    cancelTick()
    stop()
    dispatch({ type: "ShuttingDown" })
    await commit.flush()
    const gone = new Promise<void>(resolve => {
      allGone = resolve
    })
    for (const socket of sockets.values()) socket.close(goingAwayCode)
    let cancelWait = (): void => {}
    const waited = new Promise<void>(resolve => {
      cancelWait = clock.after(goodbyeMs, resolve)
    })
    if (sockets.size > 0) await Promise.race([gone, waited])
    cancelWait()
    await cut()
    await commit.flush()
    log.event("relay-closed", { stored: state.counts.stored })
  }

  log.event("relay-listening", { host, port })
  const shownHost = host.includes(":") ? `[${host}]` : host
  return ok({ host, port, url: `ws://${shownHost}:${port}`, close })
}
