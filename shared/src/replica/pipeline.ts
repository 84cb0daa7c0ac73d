import {
  type BundleHash,
  ByteReader,
  ByteWriter,
  type ChangeHash,
  type DeviceId,
  type DocumentId,
  type DocumentName,
  type FeedId,
  type Log,
  type OperationId,
  type Store,
  type StoreChange,
  bytesToHex,
  equalBytes,
} from "../base/index.js"
import { type Operation, parseOperation, takingOf } from "../access/index.js"
import {
  type Change,
  type SealedBundle,
  type Sealer,
  certificateDomain,
  parseBody,
  parseBundle,
  parseCertificate,
} from "../wire/index.js"
import type { Archive, ArrivalCursor, StoredBundle } from "./archive.js"
import { type BundleRecord, encodeRecord, parseRecord } from "./bundle-record.js"
import { createCertificates } from "./certificates.js"
import { createChainHeads } from "./chain-heads.js"
import type { DocumentIndex } from "./document-index.js"
import type { DocumentKey, Documents } from "./documents.js"
import { type GroupSession, operationPut } from "./group-session.js"
import type { Indexes } from "./indexes.js"
import { type OpenError, type OpenedBundle, type WaitsFor, changesOf, missingHead, openBundle } from "./opened-bundle.js"
import type { Rights } from "./rights.js"
import { floorPuts, manifestPut, originalsPut, parseManifest, snapshotOf, wantsOriginals } from "./snapshot.js"

/** What became of the bundles of one call. */
export interface Received {
  /** New here and durable: hand them on. */
  readonly added: readonly StoredBundle[]
  readonly duplicates: number
  /** Stored, and waiting for a key, a certificate, a device or an operation. */
  readonly parked: number
  /** Final refusals, counted by type. */
  readonly refused: Readonly<Record<string, number>>
  readonly documents: ReadonlySet<DocumentId>
  readonly operations: readonly Operation[]
  /** A peer brought a bundle of our own feed that we never made: this profile is a copy of another. */
  readonly isCopy: boolean
}

export interface PipelineDeps {
  readonly sealer: Sealer
  readonly store: Store
  readonly archive: Archive
  readonly session: GroupSession
  readonly rights: Rights
  readonly indexes: Indexes
  /** `undefined` on the box: it keeps and judges bundles, and holds no documents. */
  readonly documents: Documents | undefined
  /** Keeps what it cannot open as well: the blind part of the box's archive. */
  readonly isKeeper: boolean
  readonly log: Log
  readonly device: DeviceId
  /** Whether a feed belongs to this device's present incarnation. */
  readonly isOwnFeed: (feed: FeedId) => boolean
}

/** Bundles under unknown tags that a device takes between two keys learned: a stranger cannot fill its disk. */
const parkedBundlesLimit = 10_000

/** What Automerge's WebAssembly throws on changes that are right in form and impossible in content. */
const engineErrors: ReadonlySet<string> = new Set(["RangeError", "PanicError", "RuntimeError"])

const nothingNew: ReadonlySet<BundleHash> = new Set()

const reasonOf = (error: OpenError): string => (error.type === "Refused" ? error.reason : error.for)

/**
 * The way in, the same for a link, a relay room, a file and this device's own bundles:
 * limits -> feed signature -> durable -> key -> certificate, group, circle -> content -> verdict -> document.
 * Calls must not overlap: the replica runs them one after the other.
 */
export interface Pipeline {
  receive(raw: readonly Uint8Array[]): Promise<Received>
  /**
   * From a peer that is not in the log as it is known here: takes in nothing but operations that are new, sealed
   * under the log key and certified by a device that is live by what came before. Who was removed, or never
   * belonged, cannot put a byte into the archive.
   */
  introduce(raw: readonly Uint8Array[]): Promise<Received>
  /** For bundles that are in the archive already: our own, and what a crash left unprocessed. */
  process(stored: readonly StoredBundle[]): Promise<Received>
  /** This device's own operation: taken in first, and published (by `publish`) only when it is valid. */
  act(
    bytes: Uint8Array,
    publish: () => Promise<StoredBundle>,
  ): Promise<{ readonly refused: string } | { readonly received: Received; readonly stored: StoredBundle }>
  indexOf(key: DocumentKey): Promise<DocumentIndex>
  /** The content of changes, read again from the bundles that brought them. */
  changes(key: DocumentKey, wanted: readonly ChangeHash[]): Promise<readonly Change[]>
  /** After a crash: what is missing in the document although it counts is applied, what does not count leaves it. */
  reconcile(key: DocumentKey): Promise<void>
}

/** Up to where the archive was processed: what a crash left behind it is processed at the next start. */
const processedPut = async (archive: Archive): Promise<StoreChange> => ({
  type: "Put",
  key: ["processed"],
  value: new ByteWriter().bytes(archive.identity).u64(await archive.latest()).done(),
})

/** The place to go on from; the beginning when the archive is another one. */
export const processedUntil = async (store: Store, archive: Archive): Promise<ArrivalCursor> => {
  const stored = await store.get(["processed"])
  if (stored === undefined || !equalBytes(stored.subarray(0, 16), archive.identity)) return 0
  return new ByteReader(stored.subarray(16)).u64()
}

interface GroupBefore {
  readonly tags: ReadonlySet<string>
  readonly devices: ReadonlySet<DeviceId>
  readonly voidCount: number
}

interface Batch {
  readonly changes: StoreChange[]
  readonly added: StoredBundle[]
  readonly operations: Operation[]
  readonly refused: Record<string, number>
  readonly newRecords: Map<DocumentId, { key: DocumentKey; records: BundleRecord[] }>
  readonly changeByHash: Map<ChangeHash, Change>
  readonly queue: StoredBundle[]
  duplicates: number
  parked: number
  isRejudged: boolean
  isCopy: boolean
}

export const createPipeline = (deps: PipelineDeps): Pipeline => {
  const { sealer, store, archive, session, rights, indexes, documents } = deps
  const certificates = createCertificates(store)
  const chainHeads = createChainHeads(store, session)
  let unknownCount = 0
  const highestByFeed = new Map<FeedId, number>()
  const indexed = new Set<DocumentId>()

  const open = (bundle: SealedBundle): ReturnType<typeof openBundle> =>
    openBundle(
      {
        sealer,
        group: session.group,
        state: session.state(),
        openTag: session.keyring.open.tag,
        keyOf: tag => session.keyring.keyOf(tag),
        certificateOf: certificates.get,
      },
      bundle,
    )

  const refuse = (batch: Batch, reason: string): void => {
    batch.refused[reason] = (batch.refused[reason] ?? 0) + 1
  }

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
      unknownCount = 0
      for (let after = 0; ; ) {
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
    const before = snapshotOfGroup()
    const outcome = await session.ingest(opened.body.payload)
    if (outcome.type === "Missing") {
      const [first] = outcome.operations
      return first === undefined ? undefined : park(batch, stored, `operation:${first}`)
    }
    if (outcome.type === "Refused") return refuse(batch, outcome.reason)
    if (outcome.type === "Added") await follow(batch, outcome.operation, before)
  }

  const snapshotOfGroup = (): GroupBefore => ({
    tags: new Set(session.keyring.tags()),
    devices: new Set(session.state().devices.keys()),
    voidCount: session.state().void.size,
  })

  /** What an operation that was just added sets free, and what it makes us judge again. */
  const follow = async (batch: Batch, operation: Operation, before: GroupBefore): Promise<void> => {
    batch.operations.push(operation)
    batch.changes.push(operationPut(operation))
    const isTaking = takingOf(operation.body) !== undefined || operation.body.type === "rekey"
    if (isTaking || session.state().void.size !== before.voidCount) batch.isRejudged = true
    await wake(batch, `operation:${operation.id}`)
    for (const device of session.state().devices.keys()) {
      if (!before.devices.has(device)) await wake(batch, `device:${device}`)
    }
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
      changes: parsed.value.changes.map(({ hash, actor, seq, deps }) => ({ hash, actor, seq, deps })),
    }
    batch.changes.push(...changes, indexes.put(key.id, record))
    if (!indexed.has(key.id)) {
      indexed.add(key.id)
      batch.changes.push({ type: "Put", key: ["indexed", key.id], value: encodeRecord({ ...record, changes: [] }) })
    }
    for (const change of parsed.value.changes) batch.changeByHash.set(change.hash, change)
    const known = batch.newRecords.get(key.id) ?? { key, records: [] }
    known.records.push(record)
    batch.newRecords.set(key.id, known)
    await requeueSuccessors(batch, stored.bundle)
    if (body.kind === "snapshot") await wake(batch, `bundle:${stored.hash}`)
  }

  const contentOf = (opened: OpenedBundle): ReturnType<typeof changesOf> =>
    opened.body.kind === "snapshot"
      ? snapshotOf(sealer, session.group, opened)
      : changesOf(sealer, session.group, opened)

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
    const isContested = !session.covers(body.groupHeads, later.map(({ operation }) => operation))
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
    for (const snapshot of manifest.snapshots) {
      if (!(await archive.has(snapshot))) return park(batch, stored, `bundle:${snapshot}`)
    }
    batch.changes.push(manifestPut(circle, stored.hash, manifest))
    if (certificate.device === deps.device) return
    for (const bytes of manifest.certificates) {
      const covered = parseCertificate(bytes)
      const keys = covered && session.state().devices.get(covered.device)?.keys
      if (covered === undefined || keys === undefined) continue
      if (!(await sealer.verify(certificateDomain, keys.signing, covered.signedPart, covered.signature))) continue
      const hash = bytesToHex(sealer.hash(certificateDomain, covered.bytes))
      batch.changes.push(...certificates.keep(hash, covered))
      await wake(batch, `certificate:${hash}`)
    }
    if (!deps.isKeeper && !(await wantsOriginals(store))) batch.changes.push(...floorPuts(circle, manifest.floors))
  }

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
    const successors = await archive.read(bundle.feed, bundle.seq + 1, 1)
    for (const successor of successors) {
      if (successor.bundle.seq !== bundle.seq + 1) break
      if (!batch.queue.some(queued => queued.hash === successor.hash)) batch.queue.push(successor)
    }
  }

  const take = async (batch: Batch, stored: StoredBundle): Promise<void> => {
    const opened = await open(stored.bundle)
    if (!opened.ok) {
      if (opened.error.type === "Waits") return park(batch, stored, opened.error.for)
      return refuse(batch, opened.error.reason)
    }
    const { certificate, certificateHash, body } = opened.value
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

  /** The content of changes that this batch did not bring: from the bundles that did. */
  const readChanges = async (
    index: DocumentIndex,
    wanted: readonly ChangeHash[],
    atHand: ReadonlyMap<ChangeHash, Change>,
  ): Promise<readonly Change[]> => {
    const found: Change[] = []
    const read = new Map<ChangeHash, Change>(atHand)
    for (const hash of wanted) {
      if (!read.has(hash)) {
        const bundleHash = index.bundleOf(hash)
        const bundle = bundleHash && (await archive.get(bundleHash))
        const opened = bundle && (await open(bundle))
        const parsed = opened?.ok === true ? contentOf(opened.value) : undefined
        if (parsed?.ok === true) for (const change of parsed.value.changes) read.set(change.hash, change)
      }
      const change = read.get(hash)
      if (change !== undefined) found.push(change)
    }
    return found
  }

  const judge = async (batch: Batch, key: DocumentKey, records: readonly BundleRecord[]): Promise<void> => {
    // The box has nothing to repaint: it judges a document when it looks at it, and its memory stays small.
    if (documents === undefined) return indexes.drop(key.id)
    try {
      await judgeIn(documents, batch, key, records)
    } catch (error) {
      // One document that Automerge chokes on must not keep the others, nor the log, from being followed. A disk
      // that fails is another matter.
      if (!(error instanceof Error) || !engineErrors.has(error.name)) throw error
      deps.log.event("document failed", { document: key.id, reason: error.name })
    }
  }

  const judgeIn = async (
    engine: Documents,
    batch: Batch,
    key: DocumentKey,
    records: readonly BundleRecord[],
  ): Promise<void> => {
    const fresh = new Set(records.map(record => record.hash))
    const wasAtHand = indexes.isAtHand(key.id)
    const index = await indexes.of(key, fresh)
    const isPlain =
      !batch.isRejudged &&
      index.isWhole &&
      records.every(record => index.record(record.hash) === undefined && rights.isPermitted(record))
    for (const record of records) index.add(record)
    if (index.needsOriginals(record => record.kind === "snapshot" && !rights.isPermitted(record))) {
      // A removal reaches behind a snapshot: who wrote what in it must be seen before anything is taken back.
      deps.log.event("originals wanted", { document: key.id })
      batch.changes.push(originalsPut, { type: "RemovePrefix", prefix: ["floor", key.circle] })
      return
    }
    const isSimple = isPlain && !index.hasEquivocation
    const steps = isSimple ? records.map(record => index.accept(record)) : [index.judge(rights.isPermitted)]
    for (const step of steps) {
      if (step.type === "Rebuild") {
        await engine.rebuild(key, await readChanges(index, step.changes, batch.changeByHash))
      } else if (step.changes.length > 0) {
        await engine.apply(key, await readChanges(index, step.changes, batch.changeByHash))
      }
    }
    if (isSimple) return
    const marker = ["held back", key.id]
    const isHeldBack = !index.isWhole
    if (!wasAtHand && (isHeldBack || (await store.get(marker)) !== undefined)) {
      await reconcile(engine, key, index, batch.changeByHash)
    }
    batch.changes.push(isHeldBack ? { type: "Put", key: marker, value: new Uint8Array(0) } : { type: "Remove", key: marker })
  }

  /** Makes the document what the verdict says, where the index cannot tell what is in it. */
  const reconcile = async (
    engine: Documents,
    key: DocumentKey,
    index: DocumentIndex,
    atHand: ReadonlyMap<ChangeHash, Change>,
  ): Promise<void> => {
    const unaccepted = index.unaccepted()
    if (unaccepted.length > 0 && (await engine.lacking(key, unaccepted)).length < unaccepted.length) {
      return engine.rebuild(key, await readChanges(index, index.restart().changes, atHand))
    }
    await engine.apply(key, await readChanges(index, await engine.lacking(key, index.applied()), atHand))
  }

  /** Rights were taken: every document is judged again. Rare, so nothing is kept to make it quick. */
  const judgeAll = async (batch: Batch): Promise<void> => {
    await rights.refresh()
    for (const { value, key: path } of await store.list(["indexed"])) {
      const record = parseRecord(value)
      if (record === undefined) continue
      const key: DocumentKey = { ...record.document, circle: record.circle, id: path[1] as DocumentId }
      await judge(batch, key, batch.newRecords.get(key.id)?.records ?? [])
    }
  }

  const run = async (batch: Batch): Promise<Received> => {
    for (let stored = batch.queue.shift(); stored !== undefined; stored = batch.queue.shift()) await take(batch, stored)
    const touched = new Set(batch.newRecords.keys())
    if (batch.isRejudged) {
      await flushChanges(batch)
      await judgeAll(batch)
    } else {
      // A chain of a removed device that was broken may be whole now, and it runs through many documents.
      const isLonger = session.state().cutRules.length > 0 && (await rights.refresh())
      if (isLonger) {
        batch.isRejudged = true
        await flushChanges(batch)
        await judgeAll(batch)
      } else for (const { key, records } of batch.newRecords.values()) await judge(batch, key, records)
    }
    batch.changes.push(await processedPut(archive))
    await flushChanges(batch)
    for (const [reason, count] of Object.entries(batch.refused)) deps.log.event("bundles refused", { reason, count })
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

  const isIntroduction = async (stored: StoredBundle, batch: Batch): Promise<boolean> => {
    if (stored.bundle.epochTag !== session.keyring.log.tag || (await archive.has(stored.hash))) return false
    if (!(await sealer.verifyBundle(stored.bundle))) return false
    const opened = await open(stored.bundle)
    if (!opened.ok || opened.value.body.kind !== "operation") return false
    const { certificate, certificateHash } = opened.value
    if (session.state().devices.get(certificate.device)?.live !== true) return false
    // The certificate stands in the feed's first bundle, whose operation may be known from elsewhere.
    batch.changes.push(...certificates.keep(certificateHash, certificate))
    const operation = parseOperation(opened.value.body.payload, sealer.hash)
    return operation.ok && !session.log.has(operation.value.id)
  }

  const newBatch = (): Batch => ({
    changes: [],
    added: [],
    operations: [],
    refused: {},
    newRecords: new Map(),
    changeByHash: new Map(),
    queue: [],
    duplicates: 0,
    parked: 0,
    isRejudged: false,
    isCopy: false,
  })

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
        const isKnownTag = session.keyring.keyOf(parsed.value.epochTag) !== undefined
        if (!isKnownTag && !deps.isKeeper && unknownCount >= parkedBundlesLimit) {
          refuse(batch, "TooManyParked")
          continue
        }
        if (!(await sealer.verifyBundle(parsed.value))) {
          refuse(batch, "BadFeedSignature")
          continue
        }
        if (!isKnownTag) unknownCount += 1
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
        // One by one: each may admit the author of the next.
        batch.added.push(...(await archive.append([stored])))
        await take(batch, stored)
      }
      return run(batch)
    },
    process: stored => {
      const batch = newBatch()
      batch.queue.push(...stored)
      return run(batch)
    },
    act: async (bytes, publish) => {
      const batch = newBatch()
      const before = snapshotOfGroup()
      const outcome = await session.ingest(bytes)
      if (outcome.type !== "Added") return { refused: outcome.type === "Refused" ? outcome.reason : outcome.type }
      await follow(batch, outcome.operation, before)
      const stored = await publish()
      batch.queue.push(stored)
      return { received: await run(batch), stored }
    },
    indexOf: key => indexes.of(key, nothingNew),
    changes: async (key, wanted) => readChanges(await indexes.of(key, nothingNew), wanted, new Map()),
    reconcile: async key => {
      if (documents !== undefined) await reconcile(documents, key, await indexes.of(key, nothingNew), new Map())
    },
  }
}
