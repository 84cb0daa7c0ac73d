import { join } from "node:path"
import { createVerifier } from "@home/crypto/verify"
import { type Clock, type Log, type Random, type Result, ok } from "@home/shared/base"
import type { BoxSecret } from "../box/folder.js"
import { startBox } from "../box/main.js"
import { nativePublic } from "../native/public.js"
import type { Listen } from "../net/listen.js"
import { openPort } from "../net/port.js"
import { startRelay } from "../relay/main.js"
import type { StartError } from "./explain.js"
import { type PageServer, createPageServer } from "./page-server.js"

/** Where the relay answers on the common port. */
const relayPath = "/relay"
export const defaultPort = 8080

export interface StartHomeOptions extends BoxSecret {
  /** Relay and box get a folder each in it. */
  readonly dataDir: string
  readonly host: string
  /** One port for everything; 0 takes a free one. */
  readonly port: number
  /** Another relay, at which the box can be claimed and stays reachable. */
  readonly relay?: string
  /** ws:// or wss:// addresses that the claim code names first: a TLS proxy's. */
  readonly advertise?: readonly string[]
  readonly trustForwardedFor?: boolean
  /** The folder of the page's files. */
  readonly pageDir: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly onClaimCode?: (code: string) => void
}

export interface HomeServers {
  /** `http://host:port` */
  readonly page: string
  /** `ws://host:port/relay` */
  readonly relay: string
  /** `ws://host:port` */
  readonly box: string
  /** What `home claim` takes; `undefined` once the box belongs to a family. */
  readonly claim: string | undefined
  close(): Promise<void>
}

/** TCP connections: those of the relay and of the box together. */
const tcpConnections = 3_072

/** Relay, box and page in one process on one port: what a family at home needs. */
export const startHome = async (options: StartHomeOptions): Promise<Result<HomeServers, StartError>> => {
  const { clock, random, log, dataDir, host } = options
  const page = createPageServer(options.pageDir)
  const opened = await openPort({ host, port: options.port, maxConnections: tcpConnections })
  if (!opened.ok) return opened
  const port = opened.value
  const shared = { ...options, port: port.port, clock, random, log }

  const relay = await startRelay({
    ...shared,
    dataDir: join(dataDir, "relay"),
    verify: createVerifier(nativePublic).verify,
    listen: port.at(relayPath),
  })
  if (!relay.ok) {
    await port.close()
    return relay
  }
  const box = await startBox({
    ...shared,
    dataDir: join(dataDir, "box"),
    listen: withPage(port.at(""), page),
  })
  if (!box.ok) {
    await relay.value.close()
    await port.close()
    return box
  }
  const { address } = box.value
  return ok({
    page: address.replace(/^ws/, "http"),
    relay: address + relayPath,
    box: address,
    get claim() {
      return box.value.claim
    },
    close: async () => {
      await Promise.all([relay.value.close(), box.value.close()])
      await port.close()
    },
  })
}

/** Whoever does not ask for the box's health gets the page. */
const withPage =
  (listen: Listen, page: PageServer): Listen =>
  (clock, options, handlers) =>
    listen(clock, options, {
      onSocket: handlers.onSocket,
      onRequest: (request, response) => {
        if (request.url === "/health") handlers.onRequest(request, response)
        else page(request, response)
      },
    })
