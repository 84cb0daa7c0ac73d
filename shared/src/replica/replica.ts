import {
  type Area,
  type CircleId,
  type DeviceId,
  type FeedId,
  type IncarnationId,
  type OperationId,
  type Result,
  bytesToHex,
  err,
  ok,
} from "../base/index.js"
import { type OperationBody, documentIdOf, isStayOver, may } from "../access/index.js"
import type { StoredBundle } from "./archive.js"
import type { Received } from "./batch.js"
import { createAuthor } from "./author.js"
import { createCertificates } from "./certificates.js"
import { haveOf } from "./catch-up.js"
import { type DocumentKey, type OpenDocument, createDocuments } from "./documents.js"
import { createEdits } from "./edits.js"
import { openFeeds } from "./feeds.js"
import { readFromBundles } from "./keeper-read.js"
import { createHealing } from "./healing.js"
import { createIndexes } from "./indexes.js"
import { createOpening } from "./opening.js"
import { createOutbox } from "./outbox.js"
import { createKeyRenewal } from "./key-renewal.js"
import { createLateEdits } from "./late-edits.js"
import { createMoving } from "./moving.js"
import { createMerging } from "./merging.js"
import { createPhrase } from "./phrase.js"
import { createPipeline } from "./pipeline.js"
import { processedUntil } from "./processed.js"
import { publishGenesis } from "./publish-genesis.js"
import { createPublishing } from "./publishing.js"
import type {
  ActError,
  Appended,
  DocumentChanged,
  Replica,
  ReplicaDeps,
  ReplicaOptions,
} from "./replica-port.js"
import { createRights } from "./rights.js"
import { createSnapshotter } from "./snapshotter.js"
import { offerSnapshots, readFloors } from "./manifests.js"
import { type Floor, wantsOriginals } from "./snapshot.js"
import { openStoredSession } from "./stored-session.js"
import { createTurns } from "./turns.js"

export const openReplica = async (deps: ReplicaDeps, options: ReplicaOptions): Promise<Replica> => {
  const { sealer, store, archive, log } = deps
  const device = options.identity.id
  const watchers = new Set<DocumentChanged>()
  const tellChanged: DocumentChanged = (key, doc) => {
    for (const watcher of watchers) watcher(key, doc)
  }
  const session = await openStoredSession(deps, { identity: options.identity, logKey: options.logKey })
  const renewedKey = ["renewed incarnation", options.incarnation]
  const renewed = await store.get(renewedKey)
  const incarnation = renewed === undefined ? options.incarnation : (bytesToHex(renewed) as IncarnationId)
  const feeds = await openFeeds(deps, { identity: options.identity, group: session.group, incarnation })
  const rights = createRights({ sealer, session, archive })
  await rights.refresh()
  const startAutomerge = deps.startAutomerge ?? (() => Promise.resolve())
  const indexes = createIndexes(store, rights, { isKeeper: options.isKeeper, startAutomerge })
  const documents = options.isKeeper
    ? undefined
    : createDocuments({
        store,
        sealer,
        clock: deps.clock,
        device,
        incarnation: () => feeds.incarnation,
        slot: options.slot,
        onSaveFailed: () => log.event("document not saved"),
        onArrived: (key, doc) => tellChanged(key, doc),
      })
  const certificates = createCertificates(store)
  const pipeline = createPipeline({
    certificates,
    sealer,
    store,
    archive,
    session,
    rights,
    indexes,
    documents,
    isKeeper: options.isKeeper,
    clock: deps.clock,
    log,
    device,
    isOwnFeed: feed => feeds.isOwn(feed),
    startAutomerge,
  })
  const outbox =
    documents &&
    createOutbox({ store, documents, feeds, session, sealer, indexOf: key => pipeline.indexOf(key) })

  const feedsOf = async (of: DeviceId, circle: CircleId | undefined): Promise<readonly FeedId[]> => {
    const found = await certificates.feedsOf(of, circle)
    // A feed of our own is known before its first bundle has come the way of all others.
    const own = of === device ? feeds.feedOf(circle) : undefined
    return own === undefined || found.includes(own) ? found : [...found, own]
  }
  const author = createAuthor({ sealer, random: deps.random, session, archive, device, feedsOf })

  const listeners = new Set<Appended>()
  const handOn = (bundles: readonly StoredBundle[], from: string | undefined): void => {
    if (bundles.length > 0) for (const listener of listeners) listener(bundles, from)
  }

  const turns = createTurns()
  /** An operation is known here that nobody else will ever get: nothing may be built upon it. */
  let isBroken = false
  const unbroken =
    <T>(job: () => Promise<T>) =>
    async (): Promise<T> => {
      if (isBroken) throw new Error("an operation could not be stored: this profile must be opened again")
      return job()
    }
  let isBehind = true
  /** What a crash left in the archive unprocessed, our own bundles included. */
  const catchUpWithArchive = async (): Promise<void> => {
    if (!isBehind) return
    for (let after = await processedUntil(store, archive, session.log); ;) {
      const page = await archive.readSince(after, 1 << 22)
      if (page.bundles.length === 0) break
      await pipeline.process(page.bundles)
      after = page.next
    }
    isBehind = false
  }
  /** Whatever is made or taken in stands upon all that the archive has. */
  const afterArchive = <T>(job: () => Promise<T>): (() => Promise<T>) =>
    unbroken(async () => {
      await catchUpWithArchive()
      return job()
    })
  const upToDate = <T>(job: () => Promise<T>): Promise<T> => turns.take(afterArchive(job))
  const run = <T>(job: () => Promise<T>): Promise<T> => {
    edits.start()
    return upToDate(job)
  }
  /** For who only looks: where the disk is too full to catch up, he sees what was there before. */
  const look = <T>(job: () => Promise<T>): Promise<T> => {
    edits.start()
    return turns.take(unbroken(job))
  }

  const noDocuments = (): never => {
    throw new Error("a keeper holds no documents")
  }

  const actNow = async (body: OperationBody): Promise<Result<OperationId, ActError>> =>
    publishOperation(await session.sign(body))

  const mergeHeads = options.isKeeper
    ? () => Promise.resolve()
    : createMerging({ session, author, device, act: actNow })

  const publishOperation = async (bytes: Uint8Array): Promise<Result<OperationId, ActError>> => {
    const outcome = await pipeline.act(bytes, async () => {
      isBroken = true
      const stored = await feeds.publish(session.keyring.log, {
        kind: "operation",
        document: undefined,
        slot: 0,
        groupHeads: session.namedHeads(),
        payload: bytes,
      })
      isBroken = false
      return stored
    })
    if ("refused" in outcome) return err({ type: "Refused", reason: outcome.refused })
    handOn([outcome.stored], undefined)
    const [operation] = outcome.received.operations
    return operation === undefined ? err({ type: "Refused", reason: "Duplicate" }) : ok(operation.id)
  }

  const renewKey = createKeyRenewal({ session, author, act: actNow, isKeeper: options.isKeeper, log })
  const publishAll = createPublishing({
    outbox,
    pipeline,
    archive,
    documents,
    renewKey,
    handOn: bundles => handOn(bundles, undefined),
  })
  const publishNow = (key: DocumentKey): Promise<void> => publishAll([key])

  /** One document that does not open (somebody wrote what Automerge cannot hold) must not keep the others waiting. */
  const each = async (
    keys: readonly DocumentKey[],
    job: (key: DocumentKey) => Promise<void>,
  ): Promise<void> => {
    for (const key of keys) {
      try {
        await job(key)
      } catch (error) {
        log.event("document failed", {
          document: key.id,
          reason: error instanceof Error ? error.name : "unknown",
        })
      }
    }
  }

  const publishPending = async (): Promise<void> => each((await outbox?.pending()) ?? [], publishNow)

  const opening =
    documents && createOpening({ store, pipeline, documents, log, publish: key => each([key], publishNow) })
  const openNow = async (key: DocumentKey): Promise<OpenDocument> => (opening ?? noDocuments()).open(key)

  const mayWrite = (key: DocumentKey): boolean =>
    !isStayOver(session.state(), device, deps.clock.now()) &&
    may(session.state(), device, "write", {
      circle: key.circle,
      document: key.id,
      area: key.area,
      name: key.name,
    })

  const edits = createEdits({
    run: upToDate,
    clock: deps.clock,
    gatherMs: options.gatherMs ?? 0,
    mayWrite,
    open: openNow,
    onApplied: tellChanged,
    publish: publishAll,
  })

  const healing = createHealing({ store, session, author, device, clock: deps.clock, random: deps.random })
  let cancelTending: (() => void) | undefined
  const tendNow = async (): Promise<void> => {
    if (options.isKeeper) return
    const { bodies, againMs } = await healing.look()
    for (const body of bodies) {
      const healed = await actNow(body)
      if (!healed.ok) log.event("healing refused", { reason: healed.error.reason })
    }
    cancelTending?.()
    const again = (): void => {
      run(tendNow).catch((error: unknown) =>
        log.event("healing failed", { reason: error instanceof Error ? error.name : "unknown" }),
      )
    }
    cancelTending = againMs === undefined ? undefined : deps.clock.after(againMs, again)
    await moving.finish()
    await publishPending()
  }

  await publishGenesis({ store, session, feeds, pipeline, device, certificates })

  /** This profile is a copy: its numbers and actors are somebody else's from here on. */
  const renewIncarnation = async (): Promise<void> => {
    const fresh = deps.random.bytes(16)
    await store.write([{ type: "Put", key: renewedKey, value: fresh }])
    feeds.renew(bytesToHex(fresh) as IncarnationId)
    await documents?.renewActors()
    log.event("new incarnation")
  }

  await catchUpWithArchive().catch((error: unknown) =>
    log.event("archive not processed", { reason: error instanceof Error ? error.name : "unknown" }),
  )

  const moving = createMoving({
    ...{ sealer, store, session, device, feeds, pipeline, renewKey },
    known: async () => (documents ?? noDocuments()).known(),
    publish: publishNow,
    act: actNow,
    handOn: bundles => handOn(bundles, undefined),
  })
  const late = createLateEdits({
    moving,
    session,
    store,
    pipeline,
    documents,
    device,
    mayWrite,
    open: openNow,
    publish: publishNow,
    each,
  })
  const phrase = createPhrase({
    ...{ sealer, random: deps.random, session, archive, identity: options.identity, feedsOf, feeds, author },
    publish: async stored => {
      await pipeline.process([stored])
      handOn([stored], undefined)
    },
    act: actNow,
    actAs: publishOperation,
  })
  const snapshots = createSnapshotter({ sealer, store, archive, session, feeds, pipeline, device })

  const keyFor = (area: Area, name: string, circle = session.state().everyone): DocumentKey => ({
    area,
    name,
    circle,
    id: documentIdOf(session.group, circle, { area, name }, sealer.hash),
  })

  /** What others sent. */
  const arrive = (takeIn: () => Promise<Received>, from: string | undefined): Promise<Received> => {
    edits.start()
    const job = async (): Promise<Received> => {
      // What the user has not sent yet is sealed first, before an arrival may take his right to it.
      await publishPending()
      const received = await takeIn()
      if (received.isCopy) await renewIncarnation()
      handOn(received.added, from)
      if (received.operations.length > 0) await tendNow()
      return received
    }
    return turns.takeArrival(afterArchive(job))
  }

  const replica: Replica = {
    group: session.group,
    device,
    session,
    archive,
    author,
    everyone: () => session.state().everyone,
    keyFor,
    open: key => look(() => (opening ?? noDocuments()).openToSee(key)),
    read: (key, see) =>
      look(() => (opening === undefined ? readFromBundles(pipeline, key, see) : opening.read(key, see))),
    change: edits.change,
    act: body =>
      run(async () => {
        await mergeHeads()
        return actNow(typeof body === "function" ? await body(author) : body)
      }),
    move: (key, circle) => run(() => moving.move(key, circle)),
    actAs: bytes => run(() => publishOperation(bytes)),
    receive: (raw, from) => arrive(() => pipeline.receive(raw), from),
    introduce: (raw, from) => arrive(() => pipeline.introduce(raw), from),
    documents: async area => {
      const known = await (documents ?? noDocuments()).known()
      return known.filter(key => key.area === area)
    },
    late: () => run(late.list),
    acceptLate: edits => run(() => late.accept(edits)),
    discardLate: edits => late.discard(edits),
    tend: () => run(tendNow),
    caughtUp: () =>
      run(async () => {
        await each((await outbox?.pending()) ?? [], async key => {
          await openNow(key)
          if (await outbox?.adopt(key)) await publishNow(key)
        })
        await late.rewriteOwnLosers()
        await tendNow()
      }),
    have: async (tags, from) => {
      const floors = options.isKeeper
        ? new Map<FeedId, Floor>()
        : await readFloors({ store, session, clock: deps.clock, device })
      const originals = await wantsOriginals(store)
      return haveOf(archive, { isKeeper: options.isKeeper, tags, floors, originals }, from)
    },
    offer: theirs => offerSnapshots({ store, archive, session }, theirs),
    snapshot: circle =>
      run(async () => {
        const bundles = await snapshots.make(circle)
        handOn(bundles, undefined)
        return bundles.length > 0
      }),
    onAppended: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onDocumentChanged: watcher => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    feedsOf,
    phrase: {
      isCurrent: phrase.isCurrent,
      act: (recovery, write) => run(() => mergeHeads().then(() => phrase.act(recovery, write))),
      replace: (next, by) => run(() => mergeHeads().then(() => phrase.replace(next, by))),
    },
    index: key => run(() => pipeline.indexOf(key)),
    flush: () => look(async () => documents?.flush()),
    close: async () => {
      edits.start()
      await turns.idle()
      cancelTending?.()
      await documents?.close()
    },
  }
  return replica
}
