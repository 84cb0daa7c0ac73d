import { X509Certificate, createPrivateKey } from "node:crypto"
import { mkdirSync } from "node:fs"
import { isIP } from "node:net"
import { join } from "node:path"
import { type Random, type Result, err, ok } from "@home/shared/base"
import type { TlsKeys } from "../net/tls-or-plain.js"
import { readIfThere, writeWhole } from "../profile/private-file.js"
import { type KeyedCertificate, makeAuthority, makeLeaf } from "./certificate.js"

export type OwnCertificateError = {
  /** A file of the authority is gone or not what it was: devices trust the old one, so it is not made anew unasked. */
  readonly type: "AuthorityDamaged"
  readonly folder: string
}

export interface OwnCertificate {
  readonly keys: TlsKeys
  readonly authority: Authority
}

/** What devices are to trust. */
export interface Authority {
  readonly pem: string
  /** DER. */
  readonly bytes: Uint8Array
  /** SHA-256 of the DER, `AB:CD:...`, as systems show it. */
  readonly fingerprint: string
  readonly name: string
}

export interface OwnCertificateOptions {
  /** Made when it is not there; 0700, its files 0600. */
  readonly folder: string
  /** Names and addresses that the certificate must cover; all private. */
  readonly hosts: readonly string[]
  /** For the authority's name in a list of authorities. */
  readonly machine: string
  readonly nowMs: number
  readonly random: Random
}

const dayMs = 24 * 60 * 60 * 1000
/** Clocks of devices run behind. */
const earlierMs = dayMs
/** Trusting it is work for each device. */
const authorityMs = 3650 * dayMs
/** Apple takes 825 days at most, also below an authority that the person added. */
const leafMs = 365 * dayMs
const renewMs = 60 * dayMs

/** The certificate in the folder if it still serves, else a new one of the same authority, which is made at the first time. */
export const openOwnCertificate = async (
  options: OwnCertificateOptions,
): Promise<Result<OwnCertificate, OwnCertificateError>> => {
  const { folder, nowMs, random } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const authority = await openAuthority(options)
  if (authority === undefined) return err({ type: "AuthorityDamaged", folder })
  const kept = readPair(folder, "server")
  const isOfUse = kept !== "absent" && kept !== "damaged" && serves(kept, authority, options)
  const period = { fromMs: nowMs - earlierMs, untilMs: nowMs + leafMs }
  const leaf = isOfUse ? kept : await makeLeaf(authority, options.hosts, period, random)
  if (!isOfUse) writePair(folder, "server", leaf)
  const { raw, fingerprint256, subject } = new X509Certificate(authority.certificate)
  return ok({
    keys: leaf,
    authority: {
      pem: authority.certificate,
      bytes: raw,
      fingerprint: fingerprint256,
      name: subject.replace(/^CN=/, ""),
    },
  })
}

/** `undefined`: damaged. */
const openAuthority = async (options: OwnCertificateOptions): Promise<KeyedCertificate | undefined> => {
  const { folder, machine, nowMs, random } = options
  const kept = readPair(folder, "ca")
  if (kept === "damaged") return undefined
  if (kept !== "absent" && Date.parse(new X509Certificate(kept.certificate).validTo) - nowMs > leafMs)
    return kept
  // Two boxes at home, or one that was set up anew: the lists of authorities on devices must tell them apart.
  const mark = Buffer.from(random.bytes(2)).toString("hex")
  const period = { fromMs: nowMs - earlierMs, untilMs: nowMs + authorityMs }
  const made = await makeAuthority(`HOME ${machine} ${mark}`, period, random)
  writePair(folder, "ca", made)
  return made
}

const serves = (
  { certificate }: KeyedCertificate,
  authority: KeyedCertificate,
  { hosts, nowMs }: OwnCertificateOptions,
): boolean => {
  const leaf = new X509Certificate(certificate)
  const isOurs = leaf.verify(new X509Certificate(authority.certificate).publicKey)
  const covers = (host: string): boolean =>
    (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) !== undefined
  const leftMs = Date.parse(leaf.validTo) - nowMs
  return isOurs && leftMs > renewMs && leftMs <= leafMs && hosts.every(covers)
}

const readPair = (folder: string, name: string): KeyedCertificate | "absent" | "damaged" => {
  const certificate = readIfThere(join(folder, `${name}.crt`))
  const key = readIfThere(join(folder, `${name}.key`))
  // A key alone is a first start that a crash cut short.
  if (certificate === undefined) return "absent"
  if (key === undefined) return "damaged"
  const pair = { certificate: Buffer.from(certificate).toString(), key: Buffer.from(key).toString() }
  try {
    const isPair = new X509Certificate(pair.certificate).checkPrivateKey(createPrivateKey(pair.key))
    return isPair ? pair : "damaged"
  } catch {
    return "damaged"
  }
}

/** The key first: nobody has seen a certificate whose key is not on the disk. */
const writePair = (folder: string, name: string, { certificate, key }: KeyedCertificate): void => {
  writeWhole(join(folder, `${name}.key`), Buffer.from(key))
  writeWhole(join(folder, `${name}.crt`), Buffer.from(certificate))
}
