import type { CircleId, DeviceId, FeedId, Store, StoreChange } from "../base/index.js"
import { type Certificate, parseCertificate } from "../wire/index.js"

/** The verified feed certificates that this store has seen, by hash: later bundles name them only. */
export interface Certificates {
  get(hash: string): Promise<Certificate | undefined>
  /** The change that keeps a certificate; nothing when it is kept already. */
  keep(hash: string, certificate: Certificate): readonly StoreChange[]
  /** A device's feeds in one circle, or (undefined) of the log, of all its incarnations. */
  feedsOf(device: DeviceId, circle: CircleId | undefined): Promise<readonly FeedId[]>
}

export const createCertificates = (store: Store): Certificates => {
  const known = new Map<string, Certificate>()
  const feeds = new Map<string, Set<FeedId>>()
  let isLoaded = false

  const placeOf = (device: DeviceId, circle: CircleId | undefined): string => `${device} ${circle ?? "log"}`
  const note = ({ device, circle, feed }: Certificate): void => {
    const place = placeOf(device, circle)
    const there = feeds.get(place) ?? new Set<FeedId>()
    feeds.set(place, there.add(feed))
  }

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
      note(certificate)
      return [{ type: "Put", key: ["certificate", hash], value: certificate.bytes }]
    },
    feedsOf: async (device, circle) => {
      if (!isLoaded) {
        for (const { value } of await store.list(["certificate"])) {
          const certificate = parseCertificate(value)
          if (certificate !== undefined) note(certificate)
        }
        isLoaded = true
      }
      return [...(feeds.get(placeOf(device, circle)) ?? [])]
    },
  }
}
