import type { DeviceId, GroupId, MemberId, OperationId, Result } from "../base/index.js"
import { ok } from "../base/index.js"
import { type Act, sketchOf } from "./acts.js"
import { limits } from "../wire/index.js"
import { type Basis, type Entry, IndexSet, compareEntries, isBefore, maximalOf } from "./causality.js"
import { checkOperation } from "./check.js"
import type { LogCheckpoint, ResumedLog } from "./checkpoint.js"
import { draftOf, finish, keptOf } from "./draft.js"
import { createFold } from "./fold.js"
import { foundGroup } from "./genesis.js"
import { deviceIdOf } from "./identity.js"
import type { Author, DeviceKeys, Hash, Operation } from "./operation.js"
import { compareRank } from "./rank.js"
import type { Refusal } from "./refusal.js"
import { type VoidReason, decideVoid, whyVoid } from "./seals.js"
import type { GroupState } from "./state.js"

export type AddOutcome =
  | "Added"
  | "Duplicate"
  /** Park it and add it again when these have come. */
  | { readonly missing: readonly OperationId[] }
  /** Final. */
  | { readonly refused: Refusal }

/** The set of a group's operations: grows only, and every question about it has one answer per set. */
export interface GroupLog {
  readonly group: GroupId
  /**
   * Adds an operation whose signature the caller has verified with `signerOf`, and whose admission's proof
   * (`admissionOf`, `admissionMessage`) he has verified too.
   */
  add(operation: Operation): AddOutcome
  has(id: OperationId): boolean
  get(id: OperationId): Operation | undefined
  /** Parents first; among equals of depth by id: the same order on every device. */
  operations(): readonly Operation[]
  /** Ascending. */
  heads(): readonly OperationId[]
  /**
   * Those of the heads that an operation or a bundle of `author` names, ascending: all of them, or when there are more
   * than it can name those that matter most. What his own operations lead to comes first, what is void last, and of
   * the rest what the higher ranks said: who forks his log beyond what can be named pushes nobody senior out.
   */
  namedHeads(author: Author): readonly OperationId[]
  state(): GroupState
  /**
   * The state of the causal past of `heads` (they included), without the operations that are void in `state()`:
   * what a bundle that names these heads is judged by. `undefined` when a head is unknown.
   */
  stateAt(heads: readonly OperationId[]): GroupState | undefined
  /**
   * The Ed25519 key that must have signed it: of the author's admission among its ancestors, of the genesis
   * itself, or the recovery key that is valid at its parents. `undefined`: ancestors are missing, or the author
   * was never admitted in them; `add` tells which.
   */
  signerOf(operation: Operation): Uint8Array | undefined
  /** What the author's next operation carries as `seq` when it follows the current heads. */
  nextSeq(author: Author): number
  /** What the log would answer if `author` did it now, with the keys that it takes. `undefined`: it would count. */
  refusalOf(author: Author, act: Act): Refusal | undefined
  /** What the log comes to at its present heads, to be kept; see `resumeGroupLog`. */
  checkpoint(): LogCheckpoint
  /** Every operation, in the order of `operations`, with whose it is and whether it counts. */
  history(): readonly PastOperation[]
}

export interface PastOperation {
  readonly operation: Operation
  /** Whose device its author was then; `undefined`: the recovery phrase. */
  readonly member: MemberId | undefined
  /** `undefined`: it counts. */
  readonly whyVoid: VoidReason | undefined
}

/** A log that holds the genesis. The caller has verified that the genesis is signed by the device it names. */
export const createGroupLog = (genesis: Operation, hash: Hash): Result<GroupLog, Refusal> =>
  openLog(genesis, hash, undefined)

/**
 * The log of operations that were checked before, and what they came to then: nothing is checked or folded again.
 * `undefined`: there is no genesis to begin with.
 */
export const resumeGroupLog = (resumed: ResumedLog, hash: Hash): GroupLog | undefined => {
  const [genesis] = resumed.operations
  const log = genesis && openLog(genesis, hash, resumed)
  return log?.ok === true ? log.value : undefined
}

const openLog = (
  genesis: Operation,
  hash: Hash,
  resumed: ResumedLog | undefined,
): Result<GroupLog, Refusal> => {
  const founded = foundGroup(genesis, hash)
  if (!founded.ok) return founded
  const entries = new Map<OperationId, Entry>([[genesis.id, founded.value.entry]])
  const byAuthor = new Map<Author, Entry[]>([[genesis.author, [founded.value.entry]]])
  let heads: readonly Entry[] = [founded.value.entry]
  let ordered: readonly Operation[] | undefined

  const deviceOf = (keys: DeviceKeys): DeviceId => deviceIdOf(keys, hash)
  const precedes = (id: OperationId, entry: Entry): boolean => {
    const earlier = entries.get(id)
    return earlier !== undefined && entry.past.has(earlier.index)
  }
  const isAncestor = (earlier: OperationId, later: OperationId): boolean => {
    const entry = entries.get(later)
    return entry !== undefined && precedes(earlier, entry)
  }
  const local = createFold(founded.value, decideVoid, precedes, deviceOf)

  /** The same fold with what is void in the whole set left out of every past. */
  let globallyVoid: ReadonlySet<OperationId> = new Set()
  const settled = createFold(
    founded.value,
    (following, before) => {
      const found = following.filter(entry => globallyVoid.has(entry.operation.id))
      return found.length === 0 ? before : new Set([...before, ...found.map(entry => entry.operation.id)])
    },
    precedes,
    deviceOf,
  )

  const state = (): GroupState => {
    const current = local.stateOf(heads)
    const changed = [...current.void].filter(id => !globallyVoid.has(id))
    changed.push(...[...globallyVoid].filter(id => !current.void.has(id)))
    if (changed.length > 0) {
      globallyVoid = current.void
      settled.forget(changed.flatMap(id => entries.get(id) ?? []))
    }
    return current
  }

  const entriesOf = (ids: readonly OperationId[]): readonly Entry[] | undefined => {
    const found = ids.flatMap(id => entries.get(id) ?? [])
    return found.length === ids.length && ids.length > 0 ? found : undefined
  }

  /** Those of an author lie by seq, so the last one in the past has the highest. */
  const seqAfter = (author: Author, past: (entry: Entry) => boolean): number =>
    (byAuthor.get(author)?.findLast(past)?.operation.seq ?? 0) + 1
  const keepByAuthor = (entry: Entry): void => {
    const { author, seq } = entry.operation
    const own = byAuthor.get(author) ?? []
    byAuthor.set(author, own)
    own.splice(own.findLastIndex(earlier => earlier.operation.seq <= seq) + 1, 0, entry)
  }

  const check = (operation: Operation, parents: readonly Entry[], past: IndexSet): Result<Basis, Refusal> => {
    const at = local.stateOf(parents)
    const device = operation.author === "recovery" ? undefined : at.devices.get(operation.author)
    const member = device && at.members.get(device.member)
    const author = device && member && { device, member }
    const checked = checkOperation({ state: at, operation, author, hash, isAncestor })
    if (!checked.ok) return checked
    const expected = seqAfter(operation.author, entry => past.has(entry.index))
    return operation.seq === expected ? checked : { ok: false, error: { type: "SeqWrong", expected } }
  }

  const place = (operation: Operation, parents: readonly Entry[], past: IndexSet, basis: Basis): void => {
    const depth = Math.max(...parents.map(parent => parent.depth)) + 1
    const entry: Entry = { operation, index: entries.size, depth, parents, past, basis }
    entries.set(operation.id, entry)
    keepByAuthor(entry)
    heads = maximalOf([...heads, entry])
    ordered = undefined
  }

  const resume = ({ operations, checkpoint }: ResumedLog): void => {
    for (const [i, operation] of operations.entries()) {
      const parents = entriesOf(operation.parents)
      const basis = checkpoint.bases[i]
      // The genesis is there.
      if (parents !== undefined && basis !== undefined)
        place(operation, parents, IndexSet.pastOf(parents), basis)
    }
    for (const [i, { heads: ids, isSettled, state: kept }] of checkpoint.states.entries()) {
      const at = entriesOf(ids)
      if (at === undefined) continue
      const folded = finish(draftOf(kept, kept.void))
      local.pin(maximalOf(at), folded)
      if (isSettled) settled.pin(maximalOf(at), folded)
      if (i === 0) globallyVoid = kept.void
    }
  }
  if (resumed !== undefined) resume(resumed)

  return ok({
    group: genesis.group,
    add(operation) {
      if (entries.has(operation.id)) return "Duplicate"
      if (operation.group !== genesis.group) return { refused: { type: "OtherGroup" } }
      const missing = operation.parents.filter(parent => !entries.has(parent))
      if (missing.length > 0) return { missing }
      const parents = entriesOf(operation.parents)
      if (parents === undefined) return { refused: { type: "GenesisInvalid" } }
      const past = IndexSet.pastOf(parents)
      const checked = check(operation, parents, past)
      if (!checked.ok) return { refused: checked.error }
      place(operation, parents, past, checked.value)
      return "Added"
    },
    has: id => entries.has(id),
    get: id => entries.get(id)?.operation,
    operations: () => (ordered ??= [...entries.values()].sort(compareEntries).map(entry => entry.operation)),
    heads: () => heads.map(head => head.operation.id).sort(),
    namedHeads(author) {
      const own = byAuthor.get(author)?.at(-1)
      const isOwn = (head: Entry): boolean => head === own || (own !== undefined && isBefore(own, head))
      const voids = heads.length > limits.groupHeads ? state().void : new Set<OperationId>()
      const order = (head: Entry): number => (isOwn(head) ? 0 : voids.has(head.operation.id) ? 2 : 1)
      return [...heads]
        .sort(
          (a, b) => order(a) - order(b) || compareRank(a.basis.rank, b.basis.rank) || compareEntries(b, a),
        )
        .slice(0, limits.groupHeads)
        .map(head => head.operation.id)
        .sort()
    },
    state,
    stateAt(ids) {
      const current = state()
      const found = entriesOf(ids)
      if (found === undefined) return undefined
      const maximal = maximalOf(found)
      const isAll = maximal.length === heads.length && maximal.every(entry => heads.includes(entry))
      return isAll ? current : settled.stateOf(maximal)
    },
    signerOf(operation) {
      const { body, author } = operation
      if (body.type === "genesis") return deviceOf(body.keys) === author ? body.keys.signing : undefined
      const parents = entriesOf(operation.parents)
      if (parents === undefined || operation.group !== genesis.group) return undefined
      const at = local.stateOf(parents)
      return author === "recovery" ? at.recovery.signing : at.devices.get(author)?.keys.signing
    },
    nextSeq: author => seqAfter(author, () => true),
    refusalOf(author, act) {
      const none = new Uint8Array(0)
      const operation: Operation = {
        id: "" as OperationId,
        group: genesis.group,
        parents: heads.map(head => head.operation.id),
        author,
        seq: seqAfter(author, () => true),
        body: sketchOf(state(), author, act),
        bytes: none,
        signedPart: none,
        signature: none,
      }
      const checked = check(operation, heads, IndexSet.pastOf(heads))
      return checked.ok ? undefined : checked.error
    },
    history() {
      const voids = state().void
      // Of several that seal it the first one in this order is named: the same on every device.
      const all = [...entries.values()].sort(compareEntries)
      return all.map(entry => ({
        operation: entry.operation,
        member: entry.basis.member,
        whyVoid: whyVoid(entry, all, voids),
      }))
    },
    checkpoint() {
      const current = state()
      // Whether what was void at a head is what of its past is void now.
      const isSettled = (head: Entry, voids: ReadonlySet<OperationId>): boolean =>
        [...current.void].every(id => voids.has(id) || (id !== head.operation.id && !precedes(id, head))) &&
        [...voids].every(id => current.void.has(id))
      return {
        bases: [...entries.values()].sort(compareEntries).map(({ basis }) => basis),
        states: [
          { heads: heads.map(head => head.operation.id).sort(), isSettled: true, state: keptOf(current) },
          ...local.pinned().map(({ head, state: earlier }) => ({
            heads: [head.operation.id],
            isSettled: isSettled(head, earlier.void),
            state: keptOf(earlier),
          })),
        ],
      }
    },
  })
}
