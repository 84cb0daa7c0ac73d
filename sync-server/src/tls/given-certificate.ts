import { X509Certificate, createPrivateKey } from "node:crypto"
import { readFileSync } from "node:fs"
import { type Result, err, ok } from "@home/shared/base"
import type { TlsKeys } from "../net/tls-or-plain.js"

export type GivenCertificateError =
  | { readonly type: "TlsFileUnreadable"; readonly path: string; readonly code: string }
  | { readonly type: "NoCertificate"; readonly path: string }
  | { readonly type: "NoPrivateKey"; readonly path: string; readonly encrypted: boolean }
  | { readonly type: "KeyMismatch"; readonly path: string; readonly keyPath: string }
  | { readonly type: "CertificateExpired"; readonly path: string; readonly untilMs: number }
  | { readonly type: "CertificateTooEarly"; readonly path: string; readonly fromMs: number }

export interface CertificatePaths {
  readonly certificate: string
  readonly key: string
}

export interface GivenCertificate {
  readonly keys: TlsKeys
  /** The first DNS name in it that is no wildcard: what people open. */
  readonly name: string | undefined
}

const read = (path: string): Result<string, GivenCertificateError> => {
  try {
    return ok(readFileSync(path, "utf8"))
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown"
    return err({ type: "TlsFileUnreadable", path, code })
  }
}

const certificateIn = (pem: string): X509Certificate | undefined => {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/** Reads a certificate (PEM, with its chain) and its key (PEM, not encrypted), and checks that they are of use now. */
export const readGivenCertificate = (
  paths: CertificatePaths,
  nowMs: number,
): Result<GivenCertificate, GivenCertificateError> => {
  const certificate = read(paths.certificate)
  if (!certificate.ok) return certificate
  const key = read(paths.key)
  if (!key.ok) return key
  const isPem = certificate.value.includes("-----BEGIN CERTIFICATE-----")
  const leaf = isPem ? certificateIn(certificate.value) : undefined
  if (leaf === undefined) return err({ type: "NoCertificate", path: paths.certificate })
  try {
    const own = createPrivateKey(key.value)
    if (!leaf.checkPrivateKey(own))
      return err({ type: "KeyMismatch", path: paths.certificate, keyPath: paths.key })
  } catch {
    return err({ type: "NoPrivateKey", path: paths.key, encrypted: key.value.includes("ENCRYPTED") })
  }
  const fromMs = Date.parse(leaf.validFrom)
  const untilMs = Date.parse(leaf.validTo)
  if (nowMs >= untilMs) return err({ type: "CertificateExpired", path: paths.certificate, untilMs })
  if (nowMs < fromMs) return err({ type: "CertificateTooEarly", path: paths.certificate, fromMs })
  const [, name] = /(?:^|, )DNS:([^,*"]+)(?:,|$)/.exec(leaf.subjectAltName ?? "") ?? []
  return ok({ keys: { certificate: certificate.value, key: key.value }, name })
}
