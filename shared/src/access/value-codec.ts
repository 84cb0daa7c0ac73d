import { ByteReader, ByteWriter, bytesToText, textToBytes } from "../base/index.js"
import { LayeredMap } from "./layered-map.js"

const tags = {
  undefined: 0,
  false: 1,
  true: 2,
  number: 3,
  string: 4,
  bytes: 5,
  array: 6,
  map: 7,
  set: 8,
  layered: 9,
  object: 10,
  again: 11,
} as const

/** Deeper than anything that a membership comes to. */
const deepest = 32

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
const writeCount = (writer: ByteWriter, count: number): void => {
  let rest = count
  for (; rest > 127; rest = Math.floor(rest / 128)) writer.u8((rest % 128) | 128)
  writer.u8(rest)
}

const readCount = (reader: ByteReader): number => {
  let count = 0
  for (let weight = 1; weight <= 2 ** 42; weight *= 128) {
    const byte = reader.u8()
    count += (byte & 127) * weight
    if (byte < 128) return count
  }
  reader.fail()
  return 0
}

/**
 * A value of immutable parts (strings, safe whole numbers from 0, booleans, `undefined`, bytes, arrays, maps, sets,
 * layered maps, plain objects) as bytes. What stands in it more than once, or is one of `known`, is written once and
 * comes back as one. Each is `tag u8 | content`: `number: count`, `string, bytes: block`, `array, set: count | items`,
 * `map, layered: count | (key, value)*`, `object: its names joined by commas, a string | values`, `again: count`, the
 * place among `known` and all that was read before, a container behind what it holds.
 */
export const encodeValue = (root: unknown, known: readonly unknown[]): Uint8Array => {
  const writer = new ByteWriter(64 * 1024)
  const places = new Map<unknown, number>()
  known.forEach((value, i) => {
    if (!places.has(value)) places.set(value, i)
  })
  let place = known.length
  const all = (tag: number, values: readonly unknown[], count = values.length): void => {
    writer.u8(tag)
    writeCount(writer, count)
    for (const value of values) write(value)
  }
  const writeNew = (value: unknown): void => {
    if (typeof value === "string") writer.u8(tags.string).block(textToBytes(value))
    else if (value instanceof Uint8Array) writer.u8(tags.bytes).block(value)
    else if (Array.isArray(value)) all(tags.array, value)
    else if (value instanceof Set) all(tags.set, [...value])
    else if (value instanceof Map) all(tags.map, [...value].flat(1), value.size)
    else if (value instanceof LayeredMap) all(tags.layered, [...value].flat(1), value.size)
    else if (typeof value === "object" && value !== null) {
      writer.u8(tags.object)
      write(Object.keys(value).join())
      for (const field of Object.values(value)) write(field)
    } else throw new TypeError(`no form for a ${typeof value}`)
  }
  const write = (value: unknown): void => {
    if (value === undefined) return void writer.u8(tags.undefined)
    if (typeof value === "boolean") return void writer.u8(value ? tags.true : tags.false)
    if (typeof value === "number") {
      if (!Number.isSafeInteger(value) || value < 0) throw new TypeError("no form for such a number")
      return writeCount(writer.u8(tags.number), value)
    }
    const before = places.get(value)
    if (before !== undefined) return writeCount(writer.u8(tags.again), before)
    writeNew(value)
    places.set(value, place++)
  }
  write(root)
  return writer.done()
}

/** Gives `undefined` for what was not written so. Bytes are views. */
export const decodeValue = (
  bytes: Uint8Array,
  known: readonly unknown[],
): { readonly value: unknown } | undefined => {
  const reader = new ByteReader(bytes)
  const read = [...known]
  const items = (depth: number, count = readCount(reader)): unknown[] => {
    const found: unknown[] = []
    for (let i = 0; i < count && !reader.failed; i++) found.push(value(depth + 1))
    return found
  }
  const pairs = (depth: number): readonly (readonly [unknown, unknown])[] => {
    const flat = items(depth, 2 * readCount(reader))
    return Array.from({ length: flat.length >>> 1 }, (_, i) => [flat[2 * i], flat[2 * i + 1]] as const)
  }
  const namesOf = new Map<unknown, readonly string[]>()
  const object = (depth: number): object => {
    const joined = value(depth + 1)
    const names =
      namesOf.get(joined) ?? (typeof joined === "string" && joined !== "" ? joined.split(",") : [])
    namesOf.set(joined, names)
    const fields: Record<string, unknown> = {}
    for (const name of names) fields[name] = value(depth + 1)
    return fields
  }
  const string = (): string => {
    const text = bytesToText(reader.block(bytes.length))
    if (text === undefined) reader.fail()
    return text ?? ""
  }
  const content = (tag: number, depth: number): unknown => {
    switch (tag) {
      case tags.string:
        return string()
      case tags.bytes:
        return reader.block(bytes.length)
      case tags.array:
        return items(depth)
      case tags.set:
        return new Set(items(depth))
      case tags.map:
        return new Map(pairs(depth))
      case tags.layered:
        return LayeredMap.of(pairs(depth) as readonly (readonly [unknown, object])[])
      case tags.object:
        return object(depth)
      default:
        return reader.fail()
    }
  }
  const value = (depth: number): unknown => {
    const tag = reader.u8()
    if (depth > deepest) reader.fail()
    if (reader.failed || tag === tags.undefined) return undefined
    if (tag === tags.true || tag === tags.false) return tag === tags.true
    if (tag === tags.number) return readCount(reader)
    if (tag === tags.again) {
      const place = readCount(reader)
      if (place >= read.length) reader.fail()
      return read[place]
    }
    const found = content(tag, depth)
    read.push(found)
    return found
  }
  const root = value(0)
  return reader.end() ? { value: root } : undefined
}
