import { type BundleHash, type DocumentId, type FeedId, type OperationId, bytesToHex } from "../base/index.js"
import { type Operation, admissionOf, deviceIdOf, parseOperation, takingOf } from "../access/index.js"
import { type SealedBundle, parseBody, parseBundle } from "../wire/index.js"
import type { StoredBundle } from "./archive.js"
import { type Batch, type GroupBefore, type Received, groupNow, hasMoved, newBatch, refuse } from "./batch.js"
import { type BundleRecord, encodeRecord } from "./bundle-record.js"
import { createChainHeads } from "./chain-heads.js"
import type { DocumentKey } from "./documents.js"
import { operationDomain, operationPut } from "./group-session.js"
import { createIntakeLimits } from "./intake-limits.js"
import { createJudging } from "./judging.js"
import {
  type ContentOf,
  type OpenBundle,
  type OpenError,
  type OpenedBundle,
  type WaitsFor,
  changesOf,
  missingHead,
  openBundle,
} from "./opened-bundle.js"
import type { Pipeline, PipelineDeps } from "./pipeline-port.js"
import { processedPut } from "./processed.js"
import { snapshotOf } from "./snapshot.js"
import { createSnapshotIntake } from "./snapshot-intake.js"

const reasonOf = (error: OpenError): string => (error.type === "Refused" ? error.reason : error.for)

const nothingNew: ReadonlySet<BundleHash> = new Set()

export const createPipeline = (deps: PipelineDeps): Pipeline => {
  const { sealer, store, archive, session, rights, indexes, documents, certificates } = deps
  const chainHeads = createChainHeads(store, session)
  const highestByFeed = new Map<FeedId, number>()
  const indexed = new Set<DocumentId>()

  const open: OpenBundle = bundle =>
    openBundle(
      {
        sealer,
        group: session.group,
        keysOf: session.keysOf,
        openTag: session.keyring.open.tag,
        keyOf: tag => session.keyring.keyOf(tag),
        certificateOf: certificates.get,
      },
      bundle,
    )

  const intake = createIntakeLimits({ store, session, open, isKeeper: deps.isKeeper })

  const park = (batch: Batch, stored: StoredBundle, waitsFor: WaitsFor): void => {
    batch.parked += 1
    // What waits for a key is found again by its tag in the archive; the rest needs a note.
    if (waitsFor.startsWith("tag:")) return
    batch.changes.push({ type: "Put", key: ["parked", waitsFor, stored.hash], value: new Uint8Array(0) })
  }

  const wake = async (batch: Batch, waitsFor: WaitsFor): Promise<void> => {
    // Nothing is written before the whole batch: a crash in between would leave an operation that nobody else gets,
    // or one whose followers were woken and never looked at.
    const hashes = new Set((await store.list(["parked", waitsFor])).map(({ key }) => key[2] as BundleHash))
    for (const change of batch.changes) {
      if (change.type === "Put" && change.key[0] === "parked" && change.key[1] === waitsFor) {
        hashes.add(change.key[2] as BundleHash)
      }
    }
    for (const hash of hashes) {
      const bundle = await archive.get(hash)
      if (bundle !== undefined) batch.queue.push({ hash, bundle })
    }
    batch.changes.push({ type: "RemovePrefix", prefix: ["parked", waitsFor] })
  }

  const wakeTags = async (batch: Batch, before: ReadonlySet<string>): Promise<void> => {
    for (const tag of session.keyring.tags()) {
      if (before.has(tag)) continue
      for (let after = 0; ;) {
        const page = await archive.byTag(tag, after, 1 << 22)
        if (page.bundles.length === 0) break
        batch.queue.push(...page.bundles)
        after = page.next
      }
    }
  }

  const flushChanges = async (batch: Batch): Promise<void> => {
    const changes = batch.changes.splice(0)
    if (changes.length > 0) await store.write(changes)
  }

  const ownHeadsOf = async (hash: BundleHash): Promise<readonly OperationId[] | undefined> => {
    const bundle = await archive.get(hash)
    const key = bundle && session.keyring.keyOf(bundle.epochTag)
    const plain = bundle && key && sealer.openBundle(bundle, key.key)
    return plain && parseBody(plain)?.groupHeads
  }

  const takeOperation = async (batch: Batch, stored: StoredBundle, opened: OpenedBundle): Promise<void> => {
    if (opened.circle !== undefined) return refuse(batch, "WrongCircle")
    const before = groupNow(session)
    const outcome = await session.ingest(opened.body.payload)
    if (outcome.type === "Missing") {
      const [first] = outcome.operations
      return first === undefined ? undefined : park(batch, stored, `operation:${first}`)
    }
    if (outcome.type === "Refused") return refuse(batch, outcome.reason)
    if (outcome.type === "Added") await follow(batch, outcome.operation, before)
  }

  /** What an operation that was just added sets free, and what it makes us judge again. */
  const follow = async (batch: Batch, operation: Operation, before: GroupBefore): Promise<void> => {
    batch.operations.push(operation)
    batch.changes.push(operationPut(operation))
    // A lifted suspension, cuts in a rekey, one operation void in place of another: all of it moves verdicts.
    if (takingOf(operation.body) !== undefined || hasMoved(before, groupNow(session))) batch.isRejudged = true
    await wake(batch, `operation:${operation.id}`)
    const admission = admissionOf(operation.body)
    if (admission !== undefined) await wake(batch, `device:${deviceIdOf(admission.keys, sealer.hash)}`)
    await wakeTags(batch, before.tags)
  }

  const takeChanges = async (batch: Batch, stored: StoredBundle, opened: OpenedBundle): Promise<void> => {
    const { body, certificate, circle } = opened
    const missing = missingHead(body, id => session.log.has(id))
    if (missing !== undefined) return park(batch, stored, `operation:${missing}`)
    if (body.kind === "snapshot" && !maySnapshot(stored, opened)) return refuseSnapshot(batch, opened)
    const parsed = contentOf(opened)
    if (!parsed.ok) return refuse(batch, reasonOf(parsed.error))
    if (documents?.isReadable(parsed.value.changes) === false) return refuse(batch, "BadChange")
    if (body.document === undefined || circle === undefined) return refuse(batch, "Malformed")
    const { heads, changes } = await chainHeads.of(stored.bundle, stored.hash, body.groupHeads, ownHeadsOf)
    const key: DocumentKey = { ...body.document, circle, id: parsed.value.document }
    const record: BundleRecord = {
      hash: stored.hash,
      feed: stored.bundle.feed,
      seq: stored.bundle.seq,
      device: certificate.device,
      circle,
      document: body.document,
      kind: body.kind === "snapshot" ? "snapshot" : "changes",
      heads,
      changes: parsed.value.changes.map(({ bytes: _, ...head }) => head),
    }
    batch.changes.push(...changes, indexes.put(key.id, record))
    if (!indexed.has(key.id)) {
      indexed.add(key.id)
      batch.changes.push({
        type: "Put",
        key: ["indexed", key.id],
        value: encodeRecord({ ...record, changes: [] }),
      })
    }
    for (const change of parsed.value.changes) batch.changeByHash.set(change.hash, change)
    const known = batch.newRecords.get(key.id) ?? { key, records: [] }
    known.records.push(record)
    batch.newRecords.set(key.id, known)
    await requeueSuccessors(batch, stored.bundle)
    if (body.kind === "snapshot") await wake(batch, `bundle:${stored.hash}`)
  }

  const contentOf: ContentOf = opened =>
    opened.body.kind === "snapshot"
      ? snapshotOf(sealer, session.group, opened)
      : changesOf(sealer, session.group, opened)

  /** What an earlier process had taken in of the feed. */
  const highestHere = async (feed: FeedId): Promise<number> => {
    const position = await archive.position(feed)
    return Math.max(position?.contiguousSeq ?? 0, ...(position?.islands ?? []).map(([, to]) => to))
  }

  /** A bundle that comes after its successors may show that they went back behind heads: look at those again. */
  const requeueSuccessors = async (batch: Batch, bundle: SealedBundle): Promise<void> => {
    const highest = highestByFeed.get(bundle.feed) ?? (await highestHere(bundle.feed))
    highestByFeed.set(bundle.feed, Math.max(highest, bundle.seq))
    if (bundle.seq >= highest) return
    // One variant at a time, all of them.
    for (let last: BundleHash | undefined; ;) {
      const [successor] = await archive.read(bundle.feed, bundle.seq + 1, 1, last)
      if (successor?.bundle.seq !== bundle.seq + 1) return
      if (!batch.queue.some(queued => queued.hash === successor.hash)) batch.queue.push(successor)
      last = successor.hash
    }
  }

  const take = async (batch: Batch, stored: StoredBundle): Promise<void> => {
    const opened = await open(stored.bundle)
    if (!opened.ok) {
      if (opened.error.type === "Waits") return park(batch, stored, opened.error.for)
      return refuse(batch, opened.error.reason)
    }
    const { certificate, certificateHash, body } = opened.value
    batch.changes.push(...intake.known(certificate))
    const kept = certificates.keep(certificateHash, certificate)
    if (kept.length > 0) {
      batch.changes.push(...kept)
      await wake(batch, `certificate:${certificateHash}`)
    }
    // The recovery note is for who has the phrase; here it is only kept.
    if (body.kind === "recovery") return
    if (body.kind === "manifest") return takeManifest(batch, stored, opened.value)
    if (body.kind === "operation") return takeOperation(batch, stored, opened.value)
    return takeChanges(batch, stored, opened.value)
  }

  const { judge, judgeAll, reconcile, readChanges, heal, acceptable } = createJudging({
    ...deps,
    open,
    contentOf,
  })
  const { maySnapshot, refuseSnapshot, takeManifest } = createSnapshotIntake({
    ...deps,
    park,
    wake,
  })

  let isUnderWay = false
  let hasFailed = false
  const run = async (batch: Batch): Promise<Received> => {
    hasFailed ||= isUnderWay
    isUnderWay = true
    for (let stored = batch.queue.shift(); stored !== undefined; stored = batch.queue.shift())
      await take(batch, stored)
    const touched = new Set(batch.newRecords.keys())
    // A chain of a removed device that was broken may be whole now, and it runs through many documents.
    batch.isRejudged ||= session.state().cutRules.length > 0 && (await rights.refresh())
    if (batch.isRejudged) {
      await flushChanges(batch)
      await judgeAll(batch)
    } else for (const { key, records } of batch.newRecords.values()) await judge(batch, key, records)
    // Behind a call that failed (a full disk) everything is processed once more at the next start.
    if (!hasFailed) batch.changes.push(await processedPut(archive))
    await flushChanges(batch)
    isUnderWay = false
    for (const [reason, count] of Object.entries(batch.refused))
      deps.log.event("bundles refused", { reason, count })
    return {
      added: batch.added,
      duplicates: batch.duplicates,
      parked: batch.parked,
      refused: batch.refused,
      documents: touched,
      operations: batch.operations,
      isCopy: batch.isCopy,
    }
  }

  /** The one operation that somebody may bring whom nobody knows: his own admission by the recovery key. */
  const isByPhrase = async ({ author, signedPart, signature }: Operation): Promise<boolean> =>
    author === "recovery" &&
    (await sealer.verify(operationDomain, session.state().recovery.signing, signedPart, signature))

  const isIntroduction = async (stored: StoredBundle, batch: Batch): Promise<boolean> => {
    if (stored.bundle.epochTag !== session.keyring.log.tag || (await archive.has(stored.hash))) return false
    if (!(await sealer.verifyBundle(stored.bundle))) return false
    const opened = await open(stored.bundle)
    if (!opened.ok || opened.value.body.kind !== "operation") return false
    const { certificate, certificateHash } = opened.value
    const operation = parseOperation(opened.value.body.payload, sealer.hash)
    const isLive = session.state().devices.get(certificate.device)?.live === true
    if (!operation.ok || !(isLive || (await isByPhrase(operation.value)))) return false
    // The certificate stands in the feed's first bundle, whose operation may be known from elsewhere.
    batch.changes.push(...certificates.keep(certificateHash, certificate))
    return !session.log.has(operation.value.id)
  }

  /** The log's keys outlive a removal: what comes under them is opened before it is kept. */
  const finalRefusal = async (bundle: SealedBundle): Promise<string | undefined> => {
    const { log, open: notes } = session.keyring
    if (![log.tag, notes.tag].includes(bundle.epochTag)) return undefined
    const opened = await open(bundle)
    if (!opened.ok) return opened.error.type === "Refused" ? opened.error.reason : undefined
    if (opened.value.body.kind !== "operation") return undefined
    const operation = parseOperation(opened.value.body.payload, sealer.hash)
    return operation.ok ? undefined : operation.error.type
  }

  return {
    receive: async raw => {
      const batch = newBatch()
      const valid: StoredBundle[] = []
      const seen = new Set<BundleHash>()
      for (const bytes of raw) {
        const parsed = parseBundle(bytes)
        if (!parsed.ok) {
          refuse(batch, parsed.error.type)
          continue
        }
        const hash = bytesToHex(sealer.bundleHash(parsed.value)) as BundleHash
        if (seen.has(hash) || (await archive.has(hash))) {
          batch.duplicates += 1
          continue
        }
        if (!(await sealer.verifyBundle(parsed.value))) {
          refuse(batch, "BadFeedSignature")
          continue
        }
        const reason = (await finalRefusal(parsed.value)) ?? (await intake.refusal(parsed.value))
        if (reason !== undefined) {
          refuse(batch, reason)
          continue
        }
        batch.changes.push(...intake.count(parsed.value))
        if (deps.isOwnFeed(parsed.value.feed)) {
          batch.isCopy = true
          batch.changes.push({ type: "Put", key: ["foreign", hash], value: new Uint8Array(0) })
        }
        seen.add(hash)
        valid.push({ hash, bundle: parsed.value })
      }
      batch.added.push(...(await archive.append(valid)))
      batch.queue.push(...batch.added)
      return run(batch)
    },
    introduce: async raw => {
      const batch = newBatch()
      for (const bytes of raw) {
        const parsed = parseBundle(bytes)
        if (!parsed.ok) continue
        const stored: StoredBundle = {
          hash: bytesToHex(sealer.bundleHash(parsed.value)) as BundleHash,
          bundle: parsed.value,
        }
        if (!(await isIntroduction(stored, batch))) continue
        const noRoom = await intake.refusal(stored.bundle)
        if (noRoom !== undefined) {
          refuse(batch, noRoom)
          continue
        }
        // One by one: each may admit the author of the next.
        batch.added.push(...(await archive.append([stored])))
        await take(batch, stored)
      }
      return run(batch)
    },
    process: (stored, marks = []) => {
      const batch = newBatch()
      batch.changes.push(...marks)
      batch.queue.push(...stored)
      return run(batch)
    },
    act: async (bytes, publish) => {
      const batch = newBatch()
      const before = groupNow(session)
      const outcome = await session.ingest(bytes)
      if (outcome.type !== "Added")
        return { refused: outcome.type === "Refused" ? outcome.reason : outcome.type }
      await follow(batch, outcome.operation, before)
      const stored = await publish()
      batch.queue.push(stored)
      return { received: await run(batch), stored }
    },
    indexOf: key => indexes.of(key, nothingNew),
    changes: async (key, wanted) => readChanges(await indexes.of(key, nothingNew), wanted, new Map()),
    acceptable: async (key, wanted) => acceptable(key, await indexes.of(key, nothingNew), wanted),
    heal: async key => heal(key, await indexes.of(key, nothingNew), new Map()),
    reconcile: async key => {
      if (documents !== undefined)
        await reconcile(documents, key, await indexes.of(key, nothingNew), new Map())
    },
  }
}
