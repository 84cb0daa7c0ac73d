import { type DeviceId, type DocumentName, type FeedId, type Store, bytesToHex } from "../base/index.js"
import { type Sealer, certificateDomain, parseCertificate } from "../wire/index.js"
import type { Archive, StoredBundle } from "./archive.js"
import { type Batch, refuse } from "./batch.js"
import type { Certificates } from "./certificates.js"
import type { GroupSession } from "./group-session.js"
import { keptSeq, manifestPut } from "./manifests.js"
import type { OpenedBundle, WaitsFor } from "./opened-bundle.js"
import { missingHead } from "./opened-bundle.js"
import type { Rights } from "./rights.js"
import { originalsPut, parseManifest } from "./snapshot.js"

/** What the pipeline asks about snapshots before it lets one near Automerge, and what it does with manifests. */
export interface SnapshotIntake {
  maySnapshot(stored: StoredBundle, opened: OpenedBundle): boolean
  refuseSnapshot(batch: Batch, opened: OpenedBundle): void
  takeManifest(batch: Batch, stored: StoredBundle, opened: OpenedBundle): Promise<void>
}

export const createSnapshotIntake = (deps: {
  readonly sealer: Sealer
  readonly store: Store
  readonly archive: Archive
  readonly session: GroupSession
  readonly rights: Rights
  readonly certificates: Certificates
  readonly device: DeviceId
  readonly isKeeper: boolean
  readonly park: (batch: Batch, stored: StoredBundle, waitsFor: WaitsFor) => void
  readonly wake: (batch: Batch, waitsFor: WaitsFor) => Promise<void>
}): SnapshotIntake => {
  const { sealer, store, archive, session, rights, certificates, park, wake } = deps

  /** Asked before a snapshot is loaded: nobody else's whole documents are let near Automerge. */
  const maySnapshot = (stored: StoredBundle, { body, certificate, circle }: OpenedBundle): boolean =>
    body.document !== undefined &&
    circle !== undefined &&
    rights.isPermitted({
      hash: stored.hash,
      feed: stored.bundle.feed,
      seq: stored.bundle.seq,
      device: certificate.device,
      circle,
      document: body.document,
      kind: "snapshot",
      heads: body.groupHeads,
      changes: [],
    })

  /** A good signer who did not know of a removal yet: the bundles themselves will tell. Anybody else: forged. */
  const refuseSnapshot = (batch: Batch, { body, circle }: OpenedBundle): void => {
    const later = session.state().cutRules.filter(rule => rule.circle === circle)
    const isContested = !session.covers(
      body.groupHeads,
      later.map(({ operation }) => operation),
    )
    if (isContested) batch.changes.push(originalsPut)
    else refuse(batch, "BadSnapshot")
  }

  /** With its snapshots here, a manifest stands for everything below its floors. */
  const takeManifest = async (batch: Batch, stored: StoredBundle, opened: OpenedBundle): Promise<void> => {
    const { body, certificate, circle } = opened
    const missing = missingHead(body, id => session.log.has(id))
    if (missing !== undefined) return park(batch, stored, `operation:${missing}`)
    const manifest = parseManifest(body.payload)
    const document: DocumentName = { area: "catalogue", name: "" }
    if (manifest === undefined || circle === undefined) return refuse(batch, "BadSnapshot")
    if (!maySnapshot(stored, { ...opened, body: { ...body, document } })) return refuseSnapshot(batch, opened)
    // The one that comes last: waiting for each in turn, it would be read as often as there are snapshots.
    for (const snapshot of manifest.snapshots.toReversed()) {
      if (!(await archive.has(snapshot))) return park(batch, stored, `bundle:${snapshot}`)
    }
    const inCircle = new Set<FeedId>()
    for (const bytes of manifest.certificates) {
      const covered = parseCertificate(bytes)
      const keys = covered && session.keysOf(covered.device)
      if (covered === undefined || keys === undefined) continue
      if (!(await sealer.verify(certificateDomain, keys.signing, covered.signedPart, covered.signature)))
        continue
      if (covered.circle === circle) inCircle.add(covered.feed)
      const hash = bytesToHex(sealer.hash(certificateDomain, covered.bytes))
      batch.changes.push(...certificates.keep(hash, covered))
      await wake(batch, `certificate:${hash}`)
    }
    // Whoever makes snapshots of a circle says nothing about the log, nor about another circle.
    const floors = manifest.floors.filter(({ feed }) => inCircle.has(feed))
    const { feed, seq } = stored.bundle
    // One that comes late says less than the one after it.
    if (seq < (await keptSeq(store, batch.changes, circle, feed))) return
    const { device } = certificate
    const kept = { circle, device, feed, seq, bundle: stored.hash, manifest: { ...manifest, floors } }
    batch.changes.push(manifestPut(kept))
  }

  return { maySnapshot, refuseSnapshot, takeManifest }
}
