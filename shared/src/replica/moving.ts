import {
  type ChangeHash,
  type CircleId,
  type DeviceId,
  type DocumentId,
  type OperationId,
  type Result,
  type Store,
  err,
  ok,
} from "../base/index.js"
import { type OperationBody, documentIdOf, movableAreas, movedNameOf } from "../access/index.js"
import { type Sealer, encodeChanges, limits } from "../wire/index.js"
import type { DocumentKey } from "./document-meta.js"
import type { StoredBundle } from "./archive.js"
import type { DocumentIndex } from "./document-index.js"
import type { Feeds } from "./feeds.js"
import type { GroupSession } from "./group-session.js"
import { frontierOf } from "./moved.js"
import type { Pipeline } from "./pipeline-port.js"
import type { ActError, MoveError } from "./replica-port.js"

/** Takes documents to other circles. Runs inside the replica's queue. */
export interface Moving {
  /** What the document is called in the other circle. */
  keyIn(circle: CircleId, key: DocumentKey): DocumentKey
  /** First the operation, then the changes, sealed anew: all that counts in the document now. Gives the new one's key. */
  move(key: DocumentKey, to: CircleId): Promise<Result<DocumentKey, MoveError>>
  /** Changes that count in a document that was moved and did not go along; none where this device could not help it. */
  leftBehind(key: DocumentKey, index: DocumentIndex): readonly ChangeHash[]
  /** What came late goes along after all, with what it builds upon. */
  takeAlong(key: DocumentKey, changes: readonly ChangeHash[]): Promise<Result<DocumentKey, MoveError>>
  /** What a crash kept from being sealed after its operation. */
  finish(): Promise<void>
}

interface MovedContent {
  readonly frontier: readonly ChangeHash[]
  readonly payload: Uint8Array
}

/** Marks what a crash may leave half done. */
const moving = (id: DocumentId): readonly string[] => ["moving", id]

export const createMoving = (deps: {
  readonly sealer: Sealer
  readonly store: Store
  readonly session: GroupSession
  readonly device: DeviceId
  readonly feeds: Feeds
  readonly pipeline: Pipeline
  /** Documents of which anything is known here. */
  readonly known: () => Promise<readonly DocumentKey[]>
  /** Seals what is unsent in the document. */
  readonly publish: (key: DocumentKey) => Promise<void>
  /** Nobody seals under a key that a dead device holds. */
  readonly renewKey: (circle: CircleId) => Promise<void>
  readonly act: (body: OperationBody) => Promise<Result<OperationId, ActError>>
  readonly handOn: (bundles: readonly StoredBundle[]) => void
}): Moving => {
  const { sealer, store, session, feeds, pipeline } = deps

  const keyIn = (circle: CircleId, { area, id }: DocumentKey): DocumentKey => {
    const name = movedNameOf(id, circle, sealer.hash)
    return { area, name, circle, id: documentIdOf(session.group, circle, { area, name }, sealer.hash) }
  }

  const contentOf = async (
    key: DocumentKey,
    wanted: readonly ChangeHash[],
  ): Promise<Result<MovedContent, MoveError>> => {
    const changes = await pipeline.changes(key, wanted)
    if (changes.length !== wanted.length) return err({ type: "NotHere" })
    const rawBytes = changes.reduce((sum, { bytes }) => sum + bytes.length + 4, 4)
    if (changes.length > limits.changesPerBundle || rawBytes > limits.inflatedBytes)
      return err({ type: "TooLarge" })
    const payload = encodeChanges(changes.map(({ bytes }) => bytes))
    // Half is more than certificate, heads and padding take.
    return payload.length > limits.bundleBytes / 2
      ? err({ type: "TooLarge" })
      : ok({ frontier: frontierOf(changes), payload })
  }

  const bodyOf = (key: DocumentKey, to: DocumentKey, frontier: readonly ChangeHash[]) =>
    ({
      type: "move",
      circle: key.circle,
      document: key.id,
      toCircle: to.circle,
      to: to.id,
      frontier,
    }) as const

  const seal = async (
    key: DocumentKey,
    to: DocumentKey,
    { frontier, payload }: MovedContent,
  ): Promise<void> => {
    const done = { type: "Remove", key: moving(key.id) } as const
    if (frontier.length === 0) return store.write([done])
    await deps.renewKey(to.circle)
    const sealing = session.keyring.sealingKey(session.state(), to.circle)
    // The key was there when the move was signed; when it is here again `finish` goes on.
    if (sealing === undefined) return
    const stored = await feeds.publish(sealing, {
      kind: "moved",
      document: { area: to.area, name: to.name },
      slot: 0,
      groupHeads: session.namedHeads(),
      payload,
    })
    deps.handOn([stored])
    await pipeline.process([stored], [done])
  }

  const moveWith = async (
    key: DocumentKey,
    to: DocumentKey,
    wanted: readonly ChangeHash[],
  ): Promise<Result<DocumentKey, MoveError>> => {
    const content = await contentOf(key, wanted)
    if (!content.ok) return content
    await store.write([{ type: "Put", key: moving(key.id), value: new Uint8Array(0) }])
    const done = await deps.act(bodyOf(key, to, content.value.frontier))
    if (done.ok) await seal(key, to, content.value)
    else await store.write([{ type: "Remove", key: moving(key.id) }])
    return done.ok ? ok(to) : done
  }

  const move = async (key: DocumentKey, circle: CircleId): Promise<Result<DocumentKey, MoveError>> => {
    if (!movableAreas.includes(key.area)) return err({ type: "NotMovable" })
    await deps.publish(key)
    await pipeline.look(key)
    return moveWith(key, keyIn(circle, key), (await pipeline.indexOf(key)).applied())
  }

  const leftBehind = (key: DocumentKey, index: DocumentIndex): readonly ChangeHash[] => {
    const [moved] = session.state().moves.get(key.id) ?? []
    if (moved === undefined) return []
    const went = new Set(index.closureOf(moved.frontier))
    const left = index.applied().filter(change => !went.has(change))
    const body = bodyOf(key, keyIn(moved.toCircle, key), left)
    return left.length > 0 && session.log.refusalOf(deps.device, body) === undefined ? left : []
  }

  const takeAlong = async (
    key: DocumentKey,
    changes: readonly ChangeHash[],
  ): Promise<Result<DocumentKey, MoveError>> => {
    const index = await pipeline.indexOf(key)
    const [moved] = session.state().moves.get(key.id) ?? []
    if (moved === undefined) return err({ type: "NotMovable" })
    return moveWith(key, keyIn(moved.toCircle, key), index.closureOf([...moved.frontier, ...changes]))
  }

  const finish = async (): Promise<void> => {
    const begun = new Set((await store.list(["moving"])).map(({ key }) => key[1]))
    if (begun.size === 0) return
    for (const key of await deps.known()) {
      const moved = begun.has(key.id) ? session.state().moves.get(key.id)?.[0] : undefined
      if (moved === undefined) continue
      const index = await pipeline.indexOf(key)
      const content = await contentOf(key, index.closureOf(moved.frontier))
      if (content.ok) await seal(key, keyIn(moved.toCircle, key), content.value)
    }
  }

  return { keyIn, move, leftBehind, takeAlong, finish }
}
