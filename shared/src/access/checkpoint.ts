import { ByteReader, ByteWriter, type OperationId } from "../base/index.js"
import type { Basis } from "./causality.js"
import type { KeptState } from "./draft.js"
import type { Operation } from "./operation.js"
import { decodeValue, encodeValue } from "./value-codec.js"

/**
 * What a log had come to when it had certain heads, as a device keeps it for itself. Whatever changes what the rules
 * come to, or the form of a state, needs the next number here: what was kept by other rules is not taken.
 */
const checkpointVersion = 1

/** More heads than anybody leaves unjoined. */
const keptHeads = 4_096

/** Everything but the operations themselves. */
export interface LogCheckpoint {
  /** One for each operation in the past of the heads, in the log's order. */
  readonly bases: readonly Basis[]
  /** Of the heads, first; then of some before them, so that what names old heads is judged without the genesis. */
  readonly states: readonly {
    readonly heads: readonly OperationId[]
    /** Whether it leaves out what the log leaves out of every past. */
    readonly isSettled: boolean
    readonly state: KeptState
  }[]
}

/** Some of a log's operations with what the log came to with these alone. */
export interface ResumedLog {
  /** In the log's order. */
  readonly operations: readonly Operation[]
  readonly checkpoint: LogCheckpoint
}

/** Every part of the operations that a state may hold as it is. Wraps are no part of any. */
const partsOf = (operations: readonly Operation[]): readonly unknown[] => {
  const parts: unknown[] = []
  const add = (value: unknown, depth: number): void => {
    if (value === undefined || typeof value === "number" || typeof value === "boolean") return
    parts.push(value)
    if (depth === 0 || typeof value !== "object" || value === null || value instanceof Uint8Array) return
    for (const [name, part] of Object.entries(value)) add(part, name === "wraps" ? 0 : depth - 1)
  }
  for (const { id, author, body } of operations) {
    parts.push(id, author)
    add(body, 4)
  }
  return parts
}

const compareDepths = (
  depths: ReadonlyMap<OperationId, number>,
): ((a: Operation, b: Operation) => number) => {
  return (a, b) => (depths.get(a.id) ?? 0) - (depths.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1)
}

/** The past of some heads, they included, in the log's order; `undefined`: it is not all here. */
const pastOf = (
  heads: readonly OperationId[],
  operations: ReadonlyMap<OperationId, Operation>,
): readonly Operation[] | undefined => {
  const depths = new Map<OperationId, number>()
  const found: Operation[] = []
  const waiting = [...heads]
  for (let id = waiting.at(-1); id !== undefined; id = waiting.at(-1)) {
    const operation = operations.get(id)
    if (operation === undefined) return undefined
    const unknown = operation.parents.filter(parent => !depths.has(parent))
    if (unknown.length > 0) {
      waiting.push(...unknown)
      continue
    }
    waiting.pop()
    if (depths.has(id)) continue
    depths.set(id, Math.max(-1, ...operation.parents.map(parent => depths.get(parent) ?? 0)) + 1)
    found.push(operation)
  }
  return found.sort(compareDepths(depths))
}

/**
 * `version u8 | heads: ids 32, ascending | value`: the value is `{ log, more }`, written with what the operations hold.
 * `more`: what its caller keeps beside it, of the same operations.
 */
export const encodeCheckpoint = (
  heads: readonly OperationId[],
  operations: readonly Operation[],
  log: LogCheckpoint,
  more: unknown,
): Uint8Array =>
  new ByteWriter()
    .u8(checkpointVersion)
    .list(heads, (w, head) => w.hex(head))
    .bytes(encodeValue({ log, more }, partsOf(operations)))
    .done()

/**
 * Bytes that this device kept in its sealed store. `undefined`: they do not fit (of other rules, of operations that are
 * not all here, not whole), so the log begins with its genesis. `rest`: the operations that came later, in no order.
 */
export const openCheckpoint = (
  bytes: Uint8Array,
  operations: readonly Operation[],
):
  | { readonly resumed: ResumedLog; readonly rest: readonly Operation[]; readonly more: unknown }
  | undefined => {
  const reader = new ByteReader(bytes)
  if (reader.u8() !== checkpointVersion) return undefined
  const heads = reader.list(keptHeads, r => r.hex(32) as OperationId)
  if (reader.failed || heads.length === 0) return undefined
  const past = pastOf(heads, new Map(operations.map(operation => [operation.id, operation])))
  if (past === undefined) return undefined
  const decoded = decodeValue(bytes.subarray(reader.offset), partsOf(past))
  if (decoded === undefined) return undefined
  const { log, more } = decoded.value as { readonly log: LogCheckpoint; readonly more: unknown }
  if (log.bases.length !== past.length || log.states[0]?.heads.join() !== heads.join()) return undefined
  const taken = new Set(past)
  return {
    resumed: { operations: past, checkpoint: log },
    rest: operations.filter(operation => !taken.has(operation)),
    more,
  }
}
