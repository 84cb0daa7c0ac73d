import * as A from "@automerge/automerge/slim"
import type { ChangeHash, DeviceId, DocumentId, Key, Log, Store } from "../base/index.js"
import { fixedChanges } from "../documents/areas.js"
import type { Change, Sealer } from "../wire/index.js"
import type { Archive } from "./archive.js"
import type { Batch } from "./batch.js"
import { type BundleRecord, parseRecord } from "./bundle-record.js"
import type { DocumentIndex } from "./document-index.js"
import { type Doc, type DocumentKey, type Documents, dirtyPut } from "./documents.js"
import type { Indexes } from "./indexes.js"
import type { ContentOf, OpenBundle } from "./opened-bundle.js"
import type { Rights } from "./rights.js"
import { originalsPut } from "./snapshot.js"
import { unsentUpon } from "./unsent.js"
import { type Trial, tryChanges } from "./trial.js"

/**
 * What Automerge's WebAssembly throws on changes that are right in form and impossible in content: operations that
 * no head tells apart from honest ones.
 */
const engineErrors: ReadonlySet<string> = new Set(["RangeError", "PanicError", "RuntimeError"])

/** Something of the document does not count: at the next start document and verdict are compared. */
const heldBack = (key: DocumentKey): Key => ["held back", key.id]

const isSentIn =
  (index: DocumentIndex) =>
  (change: ChangeHash): boolean =>
    index.isApplied(change) || index.bundleOf(change) !== undefined

/** Whether the document holds what counts, and nothing that does not. */
export const isAsJudged = (index: DocumentIndex, doc: Doc): boolean =>
  index.applied().every(change => A.hasHeads(doc, [change])) &&
  !index.unaccepted().some(change => A.hasHeads(doc, [change]))

/** From verdicts to documents: what counts is applied, what no longer counts leaves by a rebuild. */
export interface Judging {
  /** New records of one document (or none, when rights have changed). */
  judge(batch: Batch, key: DocumentKey, records: readonly BundleRecord[]): Promise<void>
  /** Every document: rights were taken. Rare, so nothing is kept to make it quick. */
  judgeAll(batch: Batch): Promise<void>
  /** Makes the document what the verdict says, where the index cannot tell what is in it. */
  reconcile(
    engine: Documents,
    key: DocumentKey,
    index: DocumentIndex,
    atHand: ReadonlyMap<ChangeHash, Change>,
  ): Promise<void>
  /** Tries what counts: what fails is excluded for good, and the document is built anew without it. */
  heal(key: DocumentKey, index: DocumentIndex, atHand: ReadonlyMap<ChangeHash, Change>): Promise<void>
  /** The content of those of the changes, given parents first, that the document can hold. */
  acceptable(
    key: DocumentKey,
    index: DocumentIndex,
    wanted: readonly ChangeHash[],
  ): Promise<readonly Change[]>
  /** The content of changes: at hand, or from the bundles that brought them. */
  readChanges(
    index: DocumentIndex,
    wanted: readonly ChangeHash[],
    atHand: ReadonlyMap<ChangeHash, Change>,
  ): Promise<readonly Change[]>
}

export const createJudging = (deps: {
  readonly sealer: Sealer
  readonly store: Store
  readonly archive: Archive
  readonly rights: Rights
  readonly indexes: Indexes
  readonly documents: Documents | undefined
  readonly log: Log
  readonly open: OpenBundle
  readonly contentOf: ContentOf
  readonly device: DeviceId
}): Judging => {
  const { store, archive, rights, indexes, documents, open, contentOf } = deps

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
      await heal(key, await indexes.of(key, new Set()), batch.changeByHash)
    }
  }

  /** What is here only, and was not sealed yet for want of a key or of a peer's word, is taken along. */
  const unsentIn = async (
    engine: Documents,
    key: DocumentKey,
    index: DocumentIndex,
    changes: readonly Change[],
  ): Promise<readonly Change[]> => {
    const kept = new Set([...fixedChanges(key.area), ...changes].map(({ hash }) => hash))
    try {
      return await engine.read(key, doc => unsentUpon(doc, kept, isSentIn(index), deps.sealer))
    } catch (error) {
      // A document that does not load shows nothing.
      if (!(error instanceof Error) || !engineErrors.has(error.name)) throw error
      return []
    }
  }

  const rebuild = async (
    engine: Documents,
    key: DocumentKey,
    index: DocumentIndex,
    changes: readonly Change[],
  ): Promise<void> => {
    const unsent = await unsentIn(engine, key, index, changes)
    if (unsent.length > 0) await store.write([dirtyPut(key.id)])
    await engine.rebuild(key, [...changes, ...unsent])
  }

  const tryIn = async (key: DocumentKey, changes: readonly Change[]): Promise<Trial> => {
    const trial = tryChanges(
      fixedChanges(key.area).map(({ bytes }) => bytes),
      changes,
    )
    const value = new Uint8Array(0)
    if (trial.broken.size > 0) {
      deps.log.event("impossible changes", { document: key.id, count: trial.broken.size })
      const broken = [...trial.broken].map(
        hash => ({ type: "Put", key: ["broken", key.id, hash], value }) as const,
      )
      await store.write([...broken, { type: "Put", key: heldBack(key), value }])
    }
    return trial
  }

  const heal = async (
    key: DocumentKey,
    index: DocumentIndex,
    atHand: ReadonlyMap<ChangeHash, Change>,
  ): Promise<void> => {
    const trial = await tryIn(key, await readChanges(index, index.applied(), atHand))
    index.exclude(trial.broken)
    index.judge(rights.isPermitted)
    if (!trial.isRestSound) return deps.log.event("document failed", { document: key.id, reason: "unsound" })
    if (documents !== undefined)
      await rebuild(documents, key, index, await readChanges(index, index.restart().changes, atHand))
  }

  const acceptable = async (
    key: DocumentKey,
    index: DocumentIndex,
    wanted: readonly ChangeHash[],
  ): Promise<readonly Change[]> => {
    const possible = await readChanges(index, index.possible(wanted), new Map())
    // Beside a rival nothing can be tried: it is written again, upon what is there.
    if (index.hasEquivocation) return possible
    const { broken } = await tryIn(key, [
      ...(await readChanges(index, index.applied(), new Map())),
      ...possible,
    ])
    index.exclude(broken)
    const left = new Set(index.possible(wanted))
    return possible.filter(({ hash }) => left.has(hash))
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
    if (index.needsOriginals(snapshot => !rights.isPermitted(snapshot))) {
      // A removal reaches behind a snapshot: who wrote what in it must be seen before anything is taken back.
      deps.log.event("originals wanted", { document: key.id })
      batch.changes.push(originalsPut)
      return
    }
    const isSimple = isPlain && !index.hasEquivocation
    const [only] = records.length === 1 ? records : []
    const step = isSimple ? index.accept(records) : index.judge(rights.isPermitted)
    // All that the snapshot holds counts, and nothing else.
    const isWhole = only?.changes.length === step.changes.length
    const whole = isWhole ? batch.wholeByBundle.get(only.hash) : undefined
    if (step.type === "Rebuild") {
      await rebuild(engine, key, index, await readChanges(index, step.changes, batch.changeByHash))
    } else if (whole === undefined || !(await engine.begin(key, whole))) {
      // What was just made here came out of the document.
      const made = new Set(
        records.flatMap(({ hash }) => batch.own.get(hash)?.changes.map(own => own.hash) ?? []),
      )
      const news = step.changes.filter(hash => !made.has(hash))
      if (news.length > 0)
        await engine.apply(key, await readChanges(index, news, batch.changeByHash), isSentIn(index))
    }
    // Others' changes may be such that Automerge takes them and cannot load them again: better now than tomorrow.
    if (engine.isOpen(key.id) && !(await engine.isSound(key))) return heal(key, index, batch.changeByHash)
    if (isSimple && index.isWhole) return
    const marker = heldBack(key)
    const isHeldBack = !index.isWhole
    // What was written here is in the document before any verdict: the right to it may have gone before it was sealed.
    const isOwnLate = records.some(
      ({ device, changes }) =>
        device === deps.device && !changes.every(({ hash }) => index.accepted.has(hash)),
    )
    if (isOwnLate || (!wasAtHand && (isHeldBack || (await store.get(marker)) !== undefined))) {
      await reconcile(engine, key, index, batch.changeByHash)
    }
    batch.changes.push(
      isHeldBack ? { type: "Put", key: marker, value: new Uint8Array(0) } : { type: "Remove", key: marker },
    )
  }

  const reconcile = async (
    engine: Documents,
    key: DocumentKey,
    index: DocumentIndex,
    atHand: ReadonlyMap<ChangeHash, Change>,
  ): Promise<void> => {
    const unaccepted = index.unaccepted()
    const applied = index.applied()
    const lacking = new Set(await engine.lacking(key, [...unaccepted, ...applied]))
    if (unaccepted.some(hash => !lacking.has(hash))) {
      return rebuild(engine, key, index, await readChanges(index, index.restart().changes, atHand))
    }
    const wanted = applied.filter(hash => lacking.has(hash))
    await engine.apply(key, await readChanges(index, wanted, atHand), isSentIn(index))
  }

  const judgeAll = async (batch: Batch): Promise<void> => {
    await rights.refresh()
    for (const { value, key: path } of await store.list(["indexed"])) {
      const record = parseRecord(value)
      if (record === undefined) continue
      const key: DocumentKey = { ...record.document, circle: record.circle, id: path[1] as DocumentId }
      await judge(batch, key, batch.newRecords.get(key.id)?.records ?? [])
    }
  }

  return { judge, judgeAll, reconcile, heal, acceptable, readChanges }
}
