import { parseOperation, type Operation } from "../access/index.js"
import type { SealedBundle, Sealer } from "../wire/index.js"
import type { Archive, StoredBundle } from "./archive.js"
import type { Batch } from "./batch.js"
import type { Certificates } from "./certificates.js"
import { type GroupSession, operationDomain } from "./group-session.js"
import type { OpenBundle } from "./opened-bundle.js"

/** What is asked of bundles under the log's keys before they are kept: those keys outlive a removal. */
export interface Introductions {
  /** A new operation that a stranger may bring: it may be what makes him known. */
  isIntroduction(stored: StoredBundle, batch: Batch): Promise<boolean>
  /** Why a bundle under the log's keys is finally refused; it is opened for that before it is kept. */
  finalRefusal(bundle: SealedBundle): Promise<string | undefined>
}

export const createIntroductions = (deps: {
  readonly sealer: Sealer
  readonly archive: Archive
  readonly session: GroupSession
  readonly certificates: Certificates
  readonly open: OpenBundle
}): Introductions => {
  const { sealer, archive, session, certificates, open } = deps

  /** Keys that are no device at work: the phrase's, and in a share the other side's voucher while it counts. */
  const keyOf = ({ author }: Operation): Uint8Array | undefined => {
    const { recovery, voucher, devices } = session.state()
    if (author === "recovery") return recovery.signing
    const device = author === voucher?.device ? devices.get(author) : undefined
    return device?.live === true ? device.keys.signing : undefined
  }

  /** The one operation that somebody may bring whom nobody knows: his own admission by such a key. */
  const isByKey = async (operation: Operation): Promise<boolean> => {
    const key = keyOf(operation)
    if (key === undefined) return false
    return sealer.verify(operationDomain, key, operation.signedPart, operation.signature)
  }

  return {
    isIntroduction: async (stored, batch) => {
      if (stored.bundle.epochTag !== session.keyring.log.tag || (await archive.has(stored.hash))) return false
      if (!(await sealer.verifyBundle(stored.bundle))) return false
      const opened = await open(stored.bundle)
      if (!opened.ok || opened.value.body.kind !== "operation") return false
      const { certificate, certificateHash } = opened.value
      const operation = parseOperation(opened.value.body.payload, sealer.hash)
      const isLive = session.state().devices.get(certificate.device)?.live === true
      if (!operation.ok || !(isLive || (await isByKey(operation.value)))) return false
      // The certificate stands in the feed's first bundle, whose operation may be known from elsewhere.
      batch.changes.push(...certificates.keep(certificateHash, certificate))
      return !session.log.has(operation.value.id)
    },
    finalRefusal: async bundle => {
      const { log, open: notes } = session.keyring
      if (![log.tag, notes.tag].includes(bundle.epochTag)) return undefined
      const opened = await open(bundle)
      if (!opened.ok) return opened.error.type === "Refused" ? opened.error.reason : undefined
      if (opened.value.body.kind !== "operation") return undefined
      const operation = parseOperation(opened.value.body.payload, sealer.hash)
      return operation.ok ? undefined : operation.error.type
    },
  }
}
