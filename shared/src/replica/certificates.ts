import type { Store, StoreChange } from "../base/index.js"
import { type Certificate, parseCertificate } from "../wire/index.js"

/** The verified feed certificates that this store has seen, by hash: later bundles name them only. */
export interface Certificates {
  get(hash: string): Promise<Certificate | undefined>
  /** The change that keeps a certificate; nothing when it is kept already. */
  keep(hash: string, certificate: Certificate): readonly StoreChange[]
}

export const createCertificates = (store: Store): Certificates => {
  const known = new Map<string, Certificate>()
  return {
    get: async hash => {
      const cached = known.get(hash)
      if (cached !== undefined) return cached
      const stored = await store.get(["certificate", hash])
      const certificate = stored && parseCertificate(stored)
      if (certificate !== undefined) known.set(hash, certificate)
      return certificate
    },
    keep: (hash, certificate) => {
      if (known.has(hash)) return []
      known.set(hash, certificate)
      return [{ type: "Put", key: ["certificate", hash], value: certificate.bytes }]
    },
  }
}
