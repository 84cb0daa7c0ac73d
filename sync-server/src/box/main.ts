import { networkInterfaces } from "node:os"
import { createSealer } from "@home/crypto"
import { type Clock, type Log, type Random, type Result, err, ok } from "@home/shared/base"
import { frameLimits, joinPath, linkPath, sharePath } from "@home/shared/wire"
import { native } from "../native/all.js"
import { listen } from "../net/listen.js"
import type { Listen, ListenError } from "../net/listening.js"
import { createWsDialer } from "../net/ws-socket.js"
import { openDevice } from "../profile/device.js"
import { type OpenProfile, type ProfileError, readProfile } from "../profile/profile.js"
import { lanAddresses, maxCodeAddresses } from "./addresses.js"
import { type Claim, openClaim } from "./claim.js"
import { type BoxFamily, openBoxFamily } from "./family.js"
import { type BoxSecret, openBoxFolder } from "./folder.js"
import { boxLimits } from "./limits.js"

export interface StartBoxOptions extends BoxSecret {
  /** The box's own folder; made when it is not there, readable by its user only. */
  readonly dataDir: string
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** A relay in addition to those that the family tells, and the one at which the box can be claimed. */
  readonly relay?: string
  /** ws:// or wss:// addresses that the code names first: a TLS proxy's. */
  readonly advertise?: readonly string[]
  readonly trustForwardedFor?: boolean
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** A claim that broke off half-way made the code void: this one replaces it. */
  readonly onClaimCode?: (code: string) => void
  /** Left out: a port of its own. */
  readonly listen?: Listen
  /** Where devices reach that `listen`. Left out: the machine's addresses in the local network, without TLS. */
  readonly addresses?: readonly [string, ...string[]]
}

export interface Box {
  /** `ws://host:port`, or wss, of a wildcard the first address in the local network; devices add the paths. */
  readonly address: string
  /** What `home claim` takes; `undefined` once the box belongs to a family. */
  readonly claim: string | undefined
  close(): Promise<void>
}

/** Opens the box's folder, claimed or not, and listens. Nothing that was acknowledged is lost by any crash. */
export const startBox = async (
  options: StartBoxOptions,
): Promise<Result<Box, ListenError | ProfileError>> => {
  const { clock, random, log } = options
  const folder = await openBoxFolder(options.dataDir, options, random)
  if (!folder.ok) return folder
  const profile = await readProfile(folder.value)
  if (!profile.ok && profile.error.type !== "NoProfile") {
    await folder.value.close()
    return profile
  }
  const dialer = createWsDialer(clock, {
    maxMessageBytes: frameLimits.blobBytes + frameLimits.overheadBytes,
    handshakeMs: boxLimits.handshakeMs,
  })
  let family: BoxFamily | undefined
  let claim: Claim | undefined
  let isClosed = false

  const openFamily = async (own: OpenProfile): Promise<void> => {
    const device = await openDevice(own, { clock, random, log }, { isKeeper: true })
    const relays = new Set([...own.content.relays, ...(options.relay === undefined ? [] : [options.relay])])
    family = await openBoxFamily({ device, clock, random, dialer, log }, [...relays])
    claim = undefined
  }
  if (profile.ok) await openFamily(profile.value)

  const listening = await (options.listen ?? listen)(
    clock,
    {
      host: options.host,
      port: options.port,
      maxMessageBytes: boxLimits.socketMessageBytes,
      maxConnections: boxLimits.tcpConnections,
      trustForwardedFor: options.trustForwardedFor ?? false,
    },
    {
      onSocket: (socket, address, path) => {
        if (path === linkPath && family !== undefined) family.take(socket, address, "link")
        else if (path === sharePath && family !== undefined) family.take(socket, address, "share")
        else if (path === joinPath && claim !== undefined) claim.take(socket, address)
        else socket.close()
      },
      onRequest: (request, response) => {
        const isHealth = request.method === "GET" && request.url === "/health"
        const body = isHealth ? JSON.stringify({ ok: !isClosed, claimed: family !== undefined }) : ""
        response.writeHead(isHealth ? 200 : 404, {
          "content-type": "application/json",
          "cache-control": "no-store",
        })
        response.end(body)
      },
    },
  )
  if (!listening.ok) {
    await (family?.close() ?? folder.value.close())
    return err(listening.error)
  }
  const { host, port } = listening.value
  const addresses = options.addresses ?? lanAddresses(host, port, networkInterfaces())
  if (!profile.ok) {
    claim = await openClaim(
      {
        sealer: createSealer({ random, primitives: native }),
        clock,
        random,
        dialer,
        log,
        folder: folder.value,
      },
      {
        addresses: [...(options.advertise ?? []), ...addresses].slice(0, maxCodeAddresses),
        relay: options.relay,
        name: "Box",
      },
      { onCode: code => options.onClaimCode?.(code), onClaimed: openFamily },
    )
  }
  log.event("box listening", { host, port, claimed: profile.ok })
  return ok({
    address: addresses[0],
    get claim() {
      return claim?.code
    },
    close: async () => {
      if (isClosed) return
      isClosed = true
      listening.value.stop()
      claim?.close()
      await (family?.close() ?? folder.value.close())
      await listening.value.close()
      log.event("box closed")
    },
  })
}
