import { hostname, networkInterfaces } from "node:os"
import { join } from "node:path"
import { type Clock, type Log, type Random, type Result, err, ok } from "@home/shared/base"
import { isLoopback, isPrivateHost } from "../net/private-host.js"
import type { TlsKeys } from "../net/tls-or-plain.js"
import {
  type CertificatePaths,
  type GivenCertificateError,
  readGivenCertificate,
} from "../tls/given-certificate.js"
import { type Authority, type OwnCertificateError, openOwnCertificate } from "../tls/own-certificate.js"

export type TlsError =
  GivenCertificateError | OwnCertificateError | { readonly type: "NameNotPrivate"; readonly name: string }

export interface SecureOptions {
  readonly dataDir: string
  readonly host: string
  /** The name under which devices reach this machine; it leads the addresses. */
  readonly name?: string
  readonly tls?: CertificatePaths
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

export interface Secure {
  readonly keys: TlsKeys
  /** What leads the addresses, if anything does. */
  readonly name: string | undefined
  /** `undefined`: the certificate was given, and is somebody else's matter. */
  readonly authority: Authority | undefined
  /** Looks every hour whether files or the machine's addresses have changed, or the end has come near. */
  watch(use: (keys: TlsKeys) => void): void
  close(): void
}

/** Milliseconds. Renewals are months ahead; a new address of the machine is what cannot wait for long. */
const lookMs = 60 * 60 * 1000

/**
 * The certificate for what is opened beyond this machine; `undefined` where none is needed: on the loopback, unless a
 * name or a certificate was given.
 */
export const openSecure = async (options: SecureOptions): Promise<Result<Secure | undefined, TlsError>> => {
  const { tls, name, host, clock, log } = options
  if (tls === undefined && name === undefined && isLoopback(host)) return ok(undefined)
  const look = (): Promise<Result<Found, TlsError>> =>
    tls === undefined ? own(options) : Promise.resolve(given(tls, name, clock.now()))
  const found = await look()
  if (!found.ok) return found
  let cancel = (): void => {}
  let isClosed = false
  let current = found.value.keys
  const watch = (use: (keys: TlsKeys) => void): void => {
    cancel = clock.after(lookMs, () => {
      look()
        .then(next => {
          if (isClosed) return
          if (!next.ok) log.event("certificate not renewed", { reason: next.error.type })
          else if (next.value.keys.certificate !== current.certificate) {
            current = next.value.keys
            use(current)
            log.event("certificate renewed")
          }
        })
        .catch(() => log.event("certificate not renewed", { reason: "unknown" }))
        .finally(() => {
          if (!isClosed) watch(use)
        })
    })
  }
  return ok({
    ...found.value,
    watch,
    close: () => {
      isClosed = true
      cancel()
    },
  })
}

type Found = Pick<Secure, "keys" | "name" | "authority">

const given = (tls: CertificatePaths, name: string | undefined, nowMs: number): Result<Found, TlsError> => {
  const read = readGivenCertificate(tls, nowMs)
  if (!read.ok) return read
  return ok({ keys: read.value.keys, name: name ?? read.value.name, authority: undefined })
}

const own = async ({
  dataDir,
  name,
  host,
  clock,
  random,
}: SecureOptions): Promise<Result<Found, TlsError>> => {
  if (name !== undefined && !isPrivateHost(name)) return err({ type: "NameNotPrivate", name })
  const machine = (hostname().split(".", 1)[0] ?? "").toLowerCase().replace(/[^a-z\d-]/g, "") || "home"
  const opened = await openOwnCertificate({
    folder: join(dataDir, "tls"),
    hosts: hostsOf(machine, [name, host, hostname().toLowerCase()]),
    machine,
    nowMs: clock.now(),
    random,
  })
  return opened.ok ? ok({ ...opened.value, name }) : opened
}

/** Names and addresses under which the machine may be opened; what is not private the authority cannot vouch for. */
const hostsOf = (machine: string, more: readonly (string | undefined)[]): readonly string[] => {
  const outward = Object.values(networkInterfaces())
    .flatMap(entries => entries ?? [])
    // Link-local IPv6 addresses need a zone, which no certificate has.
    .filter(({ address, internal }) => !internal && !address.startsWith("fe80:"))
    .map(({ address }) => address)
  const given = more.flatMap(host => (host === undefined ? [] : [host]))
  const hosts = [`${machine}.local`, "localhost", "127.0.0.1", "::1", ...given, ...outward]
  // Neither 0.0.0.0 nor a public name is private.
  return [...new Set(hosts.filter(isPrivateHost))]
}
