import { networkInterfaces } from "node:os"
import { join } from "node:path"
import { createVerifier } from "@home/crypto/verify"
import { type Clock, type Log, type Random, type Result, ok } from "@home/shared/base"
import { lanAddresses, maxCodeAddresses } from "../box/addresses.js"
import type { BoxSecret } from "../box/folder.js"
import { startBox } from "../box/main.js"
import { nativePublic } from "../native/public.js"
import type { Listen } from "../net/listening.js"
import { openPort } from "../net/port.js"
import { startRelay } from "../relay/main.js"
import type { CertificatePaths } from "../tls/given-certificate.js"
import type { StartError } from "./explain.js"
import { type PageServer, createPageServer } from "./page-server.js"
import { type Secure, openSecure } from "./secure.js"
import { createTrustPages } from "./trust/pages.js"

/** Where the relay answers on the common port. */
const relayPath = "/relay"
/** Where the machine's own certificate is explained. */
const trustPath = "/trust"
export const defaultPort = 8080

export interface StartHomeOptions extends BoxSecret {
  /** Relay, box and the machine's own certificate get a folder each in it. */
  readonly dataDir: string
  readonly host: string
  /** One port for everything; 0 takes a free one. */
  readonly port: number
  /** Another relay, at which the box can be claimed and stays reachable. */
  readonly relay?: string
  /** ws:// or wss:// addresses that the claim code names first: a TLS proxy's. */
  readonly advertise?: readonly string[]
  readonly trustForwardedFor?: boolean
  /** The name under which devices reach this machine: it leads the addresses, and turns TLS on. */
  readonly name?: string
  /** Left out: beyond the loopback a certificate of the machine's own. */
  readonly tls?: CertificatePaths
  /** The folder of the page's files. */
  readonly pageDir: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly onClaimCode?: (code: string) => void
}

export interface HomeServers {
  /** `http://host:port`, or https; so are ws and wss below. */
  readonly page: string
  /** `ws://host:port/relay` */
  readonly relay: string
  /** `ws://host:port` */
  readonly box: string
  /** Where devices learn to trust the machine's own certificate, and what they are to compare it with. */
  readonly trust: Trust | undefined
  /** What `home claim` takes; `undefined` once the box belongs to a family. */
  readonly claim: string | undefined
  close(): Promise<void>
}

export interface Trust {
  /** `http://host:port/trust`: it must open before the certificate is trusted. */
  readonly page: string
  /** SHA-256 of the authority's certificate, `AB:CD:...` */
  readonly fingerprint: string
}

/** TCP connections: those of the relay and of the box together. */
const tcpConnections = 3_072

/** Relay, box and page in one process on one port: what a family at home needs. */
export const startHome = async (options: StartHomeOptions): Promise<Result<HomeServers, StartError>> => {
  const { clock, random, log, dataDir, host } = options
  const page = createPageServer(options.pageDir)
  const opening = await openSecure(options)
  if (!opening.ok) return opening
  const secure = opening.value
  const opened = await openPort({
    host,
    port: options.port,
    maxConnections: tcpConnections,
    ...(secure === undefined ? {} : { tls: secure.keys }),
  })
  if (!opened.ok) return opened
  const port = opened.value
  secure?.watch(port.useKeys)
  const closePort = async (): Promise<void> => {
    secure?.close()
    await port.close()
  }
  const addresses = addressesOf(secure, port.host, port.port)
  const trust = secure?.authority === undefined ? undefined : createTrustPages(secure.authority, trustPath)
  const shared = { ...options, port: port.port, clock, random, log }

  const relay = await startRelay({
    ...shared,
    dataDir: join(dataDir, "relay"),
    verify: createVerifier(nativePublic).verify,
    listen: port.at(relayPath),
  })
  if (!relay.ok) {
    await closePort()
    return relay
  }
  const box = await startBox({
    ...shared,
    dataDir: join(dataDir, "box"),
    listen: withPage(port.at(""), trust === undefined ? page : withTrust(trust, page)),
    addresses,
  })
  if (!box.ok) {
    await relay.value.close()
    await closePort()
    return box
  }
  const { address } = box.value
  return ok({
    page: address.replace(/^ws/, "http"),
    relay: address + relayPath,
    box: address,
    trust:
      secure?.authority === undefined
        ? undefined
        : {
            page: address.replace(/^wss?/, "http") + trustPath,
            fingerprint: secure.authority.fingerprint,
          },
    get claim() {
      return box.value.claim
    },
    close: async () => {
      await Promise.all([relay.value.close(), box.value.close()])
      await closePort()
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

const withTrust =
  (trust: PageServer, page: PageServer): PageServer =>
  (request, response) =>
    /^\/trust(?:[/?]|$)/.test(request.url ?? "") ? trust(request, response) : page(request, response)

/** The name first, where there is one: an address changes with the router's mood. */
const addressesOf = (
  secure: Secure | undefined,
  host: string,
  port: number,
): readonly [string, ...string[]] => {
  const byNumber = lanAddresses(host, port, networkInterfaces(), secure === undefined ? "ws" : "wss")
  if (secure?.name === undefined) return byNumber
  return [`wss://${secure.name}:${port}`, ...byNumber.slice(0, maxCodeAddresses - 1)]
}
