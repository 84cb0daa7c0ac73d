import {
  type BundleHash,
  type DocumentId,
  type OperationId,
  type StoreChange,
  bytesToHex,
  ok,
} from "../base/index.js"
import { type Operation, admissionOf, deviceIdOf, takingOf } from "../access/index.js"
import { parseBody, parseBundle } from "../wire/index.js"
import type { StoredBundle } from "./archive.js"
import { type Batch, type GroupBefore, type Received, groupNow, hasMoved, newBatch, refuse } from "./batch.js"
import { type BundleRecord, encodeRecord } from "./bundle-record.js"
import { createChainHeads } from "./chain-heads.js"
import { createContentIds } from "./content-ids.js"
import type { DocumentKey } from "./documents.js"
import { heardPut } from "./first-heard.js"
import { operationPut } from "./group-session.js"
import { createIntroductions } from "./introductions.js"
import { createIntakeLimits } from "./intake-limits.js"
import { createJudging, isAsJudged } from "./judging.js"
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
import { movedChangesOf } from "./moved.js"
import type { Pipeline, PipelineDeps } from "./pipeline-port.js"
import { processedPut } from "./processed.js"
import { snapshotOf } from "./snapshot.js"
import { createSnapshotIntake } from "./snapshot-intake.js"
import { createSuccessors } from "./successors.js"
import { createUnread, unreadIn } from "./unread.js"

const reasonOf = (error: OpenError): string => (error.type === "Refused" ? error.reason : error.for)
const nothingNew: ReadonlySet<BundleHash> = new Set()

export const createPipeline = (deps: PipelineDeps): Pipeline => {
  const { sealer, store, archive, session, rights, indexes, documents, certificates } = deps
  const chainHeads = createChainHeads(store, session)
  const requeueSuccessors = createSuccessors(archive)
  const indexed = new Set<DocumentId>()
  const contentIds = createContentIds(sealer, session.group)

  const open: OpenBundle = bundle =>
    openBundle(
      {
        sealer,
        group: session.group,
        keysOf: session.keysOf,
        openTag: session.keyring.open.tag,
        keyOf: tag => session.keyring.keyOf(tag),
        certificateOf: certificates.get,
        startAutomerge: deps.startAutomerge,
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
      const [kind, of, hash] = change.type === "RemovePrefix" ? change.prefix : change.key
      if (kind !== "parked" || of !== waitsFor) continue
      // Woken by this batch before: two that wait for each other would wake each other for ever.
      if (change.type === "RemovePrefix") hashes.clear()
      else if (change.type === "Put") hashes.add(hash as BundleHash)
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
    // A keeper tells nobody who came when.
    if (documents !== undefined) batch.changes.push(heardPut(operation.id, deps.clock.now()))
    // A lifted suspension, cuts in a rekey, one operation void in place of another: all of it moves verdicts.
    if (takingOf(operation.body) !== undefined || hasMoved(before, groupNow(session))) batch.isRejudged = true
    await wake(batch, `operation:${operation.id}`)
    const admission = admissionOf(operation.body)
    if (admission !== undefined) await wake(batch, `device:${deviceIdOf(admission.keys, sealer.hash)}`)
    await wakeTags(batch, before.tags)
  }

  const leaveUnread = createUnread({
    ...deps,
    group: session.group,
    indexedPut: (id, record) => indexedPut(id, record),
  })
  const indexedPut = (id: DocumentId, record: BundleRecord): readonly StoreChange[] => {
    if (indexed.has(id)) return []
    indexed.add(id)
    return [{ type: "Put", key: ["indexed", id], value: encodeRecord({ ...record, changes: [] }) }]
  }

  const takeChanges = async (batch: Batch, stored: StoredBundle, opened: OpenedBundle): Promise<void> => {
    const { body, certificate, circle } = opened
    const missing = missingHead(body, id => session.log.has(id))
    if (missing !== undefined) return park(batch, stored, `operation:${missing}`)
    if (body.document === undefined || circle === undefined) return refuse(batch, "Malformed")
    if (body.kind === "snapshot" && !maySnapshot(stored, opened)) return refuseSnapshot(batch, opened)
    const { heads, changes } = await chainHeads.of(stored.bundle, stored.hash, body.groupHeads, ownHeadsOf)
    const bare: BundleRecord = {
      hash: stored.hash,
      feed: stored.bundle.feed,
      seq: stored.bundle.seq,
      device: certificate.device,
      circle,
      document: body.document,
      kind: body.kind === "snapshot" || body.kind === "moved" ? body.kind : "changes",
      heads,
      changes: [],
    }
    if (!(await leaveUnread(batch, bare)) && !takeContent(batch, opened, bare)) return
    batch.changes.push(...changes)
    await requeueSuccessors(batch, stored.bundle)
    if (bare.kind === "snapshot") await wake(batch, `bundle:${stored.hash}`)
  }

  const takeContent = (batch: Batch, opened: OpenedBundle, bare: BundleRecord): boolean => {
    const own = batch.own.get(bare.hash)
    const parsed = own === undefined ? contentOf(opened) : ok(own)
    if (!parsed.ok) {
      refuse(batch, reasonOf(parsed.error))
      return false
    }
    const isSnapshot = bare.kind === "snapshot"
    // What is in a snapshot, or was made here, Automerge itself has just taken out of a document.
    if (!isSnapshot && own === undefined && documents?.isReadable(parsed.value.changes) === false) {
      refuse(batch, "BadChange")
      return false
    }
    const key: DocumentKey = { ...bare.document, circle: bare.circle, id: parsed.value.document }
    const record = { ...bare, changes: parsed.value.changes.map(({ bytes: _, ...head }) => head) }
    batch.changes.push(indexes.put(key.id, record), ...indexedPut(key.id, record))
    for (const change of parsed.value.changes) batch.changeByHash.set(change.hash, change)
    if (isSnapshot) batch.wholeByBundle.set(bare.hash, opened.body.payload)
    const known = batch.newRecords.get(key.id) ?? { key, records: [] }
    known.records.push(record)
    batch.newRecords.set(key.id, known)
    return true
  }

  const contentOf: ContentOf = opened => {
    if (opened.body.kind === "moved") return movedChangesOf(sealer, session, opened)
    return opened.body.kind === "snapshot"
      ? snapshotOf(sealer, session.group, opened)
      : changesOf(sealer, contentIds, opened)
  }

  const take = async (batch: Batch, stored: StoredBundle): Promise<void> => {
    const own = batch.own.get(stored.hash)
    const opened = own === undefined ? await open(stored.bundle) : ok(own.opened)
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

  /** Unread snapshots that do not count any more are not left for later: their originals are wanted now. */
  const takeContested = async (batch: Batch): Promise<void> => {
    await rights.refresh()
    for (const { key, id, hash, record } of await unreadIn(store)) {
      const bundle = rights.isPermitted(record) ? undefined : await archive.get(hash)
      if (bundle === undefined) continue
      batch.changes.push({ type: "Remove", key })
      batch.looked.add(id)
      await take(batch, { hash, bundle })
    }
  }

  let isUnderWay = false
  let hasFailed = false
  const run = async (batch: Batch): Promise<Received> => {
    hasFailed ||= isUnderWay
    isUnderWay = true
    for (let stored = batch.queue.shift(); stored !== undefined; stored = batch.queue.shift())
      await take(batch, stored)
    const touched = new Set([...batch.newRecords.keys(), ...batch.unread.keys()])
    // A chain of a removed device that was broken may be whole now, and it runs through many documents.
    batch.isRejudged ||= session.state().cutRules.length > 0 && (await rights.refresh())
    if (batch.isRejudged) {
      await takeContested(batch)
      await flushChanges(batch)
      await judgeAll(batch)
    } else for (const { key, records } of batch.newRecords.values()) await judge(batch, key, records)
    // Behind a call that failed (a full disk) everything is processed once more at the next start.
    // With what is written last, what was appended soon is on the disk.
    if (hasFailed) await archive.append([])
    else batch.changes.push(await processedPut(archive, session.log))
    await flushChanges(batch)
    isUnderWay = false
    for (const key of batch.unread.values()) documents?.announce(key)
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

  const { isIntroduction, finalRefusal } = createIntroductions({
    sealer,
    archive,
    session,
    certificates,
    open,
  })

  return {
    receive: async raw => {
      const batch = newBatch()
      const valid: StoredBundle[] = []
      const seen = new Set<BundleHash>()
      const news: StoredBundle[] = []
      for (const bytes of raw) {
        const parsed = parseBundle(bytes)
        if (!parsed.ok) {
          refuse(batch, parsed.error.type)
          continue
        }
        const hash = bytesToHex(sealer.bundleHash(parsed.value)) as BundleHash
        if (await archive.has(hash)) batch.duplicates += 1
        else news.push({ hash, bundle: parsed.value })
      }
      // All at once: who has other threads checks them side by side.
      const genuine = await Promise.all(news.map(({ bundle }) => sealer.verifyBundle(bundle)))
      for (const [i, { hash, bundle }] of news.entries()) {
        if (seen.has(hash)) {
          batch.duplicates += 1
          continue
        }
        if (genuine[i] !== true) {
          refuse(batch, "BadFeedSignature")
          continue
        }
        const reason = (await finalRefusal(bundle)) ?? (await intake.refusal(bundle))
        if (reason !== undefined) {
          refuse(batch, reason)
          continue
        }
        batch.changes.push(...intake.count(bundle))
        if (deps.isOwnFeed(bundle.feed)) {
          batch.isCopy = true
          batch.changes.push({ type: "Put", key: ["foreign", hash], value: new Uint8Array(0) })
        }
        seen.add(hash)
        valid.push({ hash, bundle })
      }
      batch.added.push(...(await archive.appendSoon(valid)))
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
    process: (stored, marks = [], own = undefined) => {
      const batch = newBatch(own)
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
    look: async key => {
      const unread = await unreadIn(store, key.id)
      if (unread.length === 0) return
      const batch = newBatch()
      batch.looked.add(key.id)
      batch.changes.push({ type: "RemovePrefix", prefix: ["unread", key.id] })
      for (const { hash } of unread) {
        const bundle = await archive.get(hash)
        if (bundle !== undefined) batch.queue.push({ hash, bundle })
      }
      await run(batch)
    },
    differs: async key => {
      const index = await indexes.of(key, nothingNew)
      return doc => !isAsJudged(index, doc)
    },
    reconcile: async key => {
      if (documents !== undefined)
        await reconcile(documents, key, await indexes.of(key, nothingNew), new Map())
    },
  }
}
