import { type ActorId, ByteReader } from "../base/index.js"
import { limits } from "./limits.js"

/** One column of a change's operations. `specification`: id * 16 + type; Automerge binary format, "Change columns". */
export interface Column {
  readonly specification: number
  readonly data: Uint8Array
}

/** An operation of `actor` that a change names: the object written to, the place in it, what is overwritten. */
export interface Reference {
  readonly actor: ActorId
  readonly counter: number
}

/** Reads LEB128 numbers on top of a ByteReader; more than 8 bytes or above 2^53 fails. */
export const uleb = (reader: ByteReader): number => {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = reader.u8()
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) {
      if (value > Number.MAX_SAFE_INTEGER) reader.fail()
      return reader.failed ? 0 : value
    }
  }
  reader.fail()
  return 0
}

export const sleb = (reader: ByteReader): number => {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = reader.u8()
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) {
      const signed = byte & 0x40 ? value - 2 ** (7 * (i + 1)) : value
      return reader.failed ? 0 : signed
    }
  }
  reader.fail()
  return 0
}

/**
 * Whether a run-length encoded column stays within the limit of rows: a change of a few bytes may claim 2^50
 * operations and take the memory for them. Of group columns the values count too: they say how many rows other
 * columns have. Types: 0 group, 1 actor, 2 unsigned, 3 delta, 4 boolean, 5 string, 6 value metadata, 7 raw bytes.
 */
export const isColumnWithinLimit = (type: number, data: Uint8Array): boolean => {
  const reader = new ByteReader(data)
  const limit = limits.operationsPerChange
  let rows = 0
  let grouped = 0
  const value = (times: number): void => {
    if (type === 3) sleb(reader)
    else if (type === 5) reader.bytes(uleb(reader))
    else {
      const number = uleb(reader)
      if (type === 0) grouped += number * times
    }
  }
  while (reader.offset < data.length && !reader.failed && rows <= limit && grouped <= limit) {
    if (type === 4) {
      rows += uleb(reader)
      continue
    }
    const run = sleb(reader)
    if (run === 0) rows += uleb(reader)
    else {
      rows += Math.abs(run)
      if (run > 0) value(run)
      else for (let i = 0; i < -run && !reader.failed && rows <= limit; i++) value(1)
    }
  }
  return !reader.failed && rows <= limit && grouped <= limit
}

/** An object that an operation writes to: a list or text by its elements, or a map by keys. */
export interface ObjectUse extends Reference {
  readonly isSequence: boolean
}

/** The rows of a run-length encoded column that is within the limit; `undefined` is null. Strings are told as 1. */
function* rowsOf({ specification, data }: Column): Generator<number | undefined> {
  const reader = new ByteReader(data)
  const isDelta = specification % 8 === 3
  const isText = specification % 8 === 5
  let absolute = 0
  const plain = (): number => {
    const number = uleb(reader)
    if (!isText) return number
    reader.bytes(number)
    return 1
  }
  const next = (): number => (isDelta ? (absolute += sleb(reader)) : plain())
  while (reader.offset < data.length && !reader.failed) {
    const run = sleb(reader)
    if (run === 0) for (let i = uleb(reader); i > 0; i--) yield undefined
    else if (run < 0) for (let i = run; i < 0; i++) yield next()
    else {
      const value = isDelta ? sleb(reader) : plain()
      for (let i = 0; i < run; i++) yield isDelta ? (absolute += value) : value
    }
  }
}

const actionColumn = 0x42
const predecessorColumn = 0x71

/** Object, key and predecessor: the columns of the actor's number and of the counter. */
const referenceColumns: readonly (readonly [actor: number, counter: number])[] = [
  [0x01, 0x02],
  [0x11, 0x13],
  [predecessorColumn, 0x73],
]

/** Each operation has an action: so many rows, so many operations. */
export const operationCountOf = (columns: readonly Column[]): number => {
  const actions = columns.find(({ specification }) => specification === actionColumn)
  let count = 0
  if (actions !== undefined) for (const _ of rowsOf(actions)) count += 1
  return count
}

const find = (columns: readonly Column[], specification: number): Column | undefined =>
  columns.find(column => column.specification === specification)

/**
 * Whether an operation does anything but set what was not there or put something between: it has predecessors, or
 * deletes, or names an element without inserting. Only such operations does Automerge take and then not save.
 */
export const isOverwriting = (columns: readonly Column[]): boolean => {
  if ((find(columns, predecessorColumn)?.data.length ?? 0) > 0) return true
  const actions = find(columns, actionColumn)
  if (actions !== undefined)
    for (const action of rowsOf(actions)) if (action === undefined || !setting.has(action)) return true
  if ((find(columns, 0x13)?.data.length ?? 0) === 0) return false
  // Booleans are runs, the first of them false.
  const inserts = new ByteReader(find(columns, 0x34)?.data ?? new Uint8Array(0))
  return uleb(inserts) !== 0 || inserts.failed || uleb(inserts) < operationCountOf(columns)
}

/** makeMap, set, makeList, makeText, makeTable */
const setting: ReadonlySet<number> = new Set([0, 1, 2, 4, 6])
const sequences: ReadonlySet<number> = new Set([2, 4])
const maps: ReadonlySet<number> = new Set([0, 6])

/** What the operations make, and what they write to, but for what they made themselves and write to rightly. */
export const objectsOf = (
  columns: readonly Column[],
  actors: readonly ActorId[],
  startOp: number,
): { readonly makes: readonly Omit<ObjectUse, "actor">[]; readonly uses: readonly ObjectUse[] } => {
  const rows = (specification: number): Iterator<number | undefined> => {
    const column = find(columns, specification)
    return column === undefined ? [][Symbol.iterator]() : rowsOf(column)
  }
  const [actions, objectActors, counters, keys] = [rows(actionColumn), rows(0x01), rows(0x02), rows(0x15)]
  const makes = new Map<number, boolean>()
  const uses = new Map<string, ObjectUse>()
  for (let counter = startOp, row = actions.next(); row.done !== true; counter += 1, row = actions.next()) {
    const number: number | undefined = objectActors.next().value
    const object: number = counters.next().value ?? 0
    const isSequence = keys.next().value === undefined
    const actor = number === undefined ? rootActor : (actors[number] ?? rootActor)
    const isOwn = number === 0 && makes.get(object) === isSequence
    if (!isOwn) uses.set(`${object}@${actor} ${isSequence}`, { actor, counter: object, isSequence })
    const action = row.value
    if (action !== undefined && (sequences.has(action) || maps.has(action)))
      makes.set(counter, sequences.has(action))
  }
  uses.delete(`0@${rootActor} false`)
  return {
    makes: [...makes].map(([counter, isSequence]) => ({ counter, isSequence })),
    uses: [...uses.values()],
  }
}

/** The root is a map, and nobody's. */
const rootActor = "0".repeat(32) as ActorId

/**
 * Of every actor that the operations name, the highest counter. `actors`: as the columns number them, the change's
 * own first. `undefined`: an actor that the change does not list.
 */
export const referencesOf = (
  columns: readonly Column[],
  actors: readonly ActorId[],
): readonly Reference[] | undefined => {
  const highest = new Map<ActorId, number>()
  for (const [actorAt, counterAt] of referenceColumns) {
    const ofActor = columns.find(({ specification }) => specification === actorAt)
    const ofCounter = columns.find(({ specification }) => specification === counterAt)
    if (ofActor === undefined) continue
    const counters = ofCounter === undefined ? undefined : rowsOf(ofCounter)
    for (const number of rowsOf(ofActor)) {
      const counter = counters?.next().value ?? 0
      if (number === undefined) continue
      const actor = actors[number]
      if (actor === undefined) return undefined
      highest.set(actor, Math.max(highest.get(actor) ?? 0, counter))
    }
  }
  return [...highest].map(([actor, counter]) => ({ actor, counter }))
}
