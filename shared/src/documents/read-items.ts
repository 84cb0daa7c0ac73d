import { type Issues, ItemReader } from "./reading.js"
import { type MapDraft, isMap, textOf } from "./scalar.js"

/** Reads every map of a container; what is no map is reported and left out. */
export const readItems = <T>(
  fields: MapDraft,
  name: string,
  found: Issues,
  read: (id: string, reader: ItemReader) => T | undefined,
): ReadonlyMap<string, T> => {
  const items = new Map<string, T>()
  const container = fields[name]
  if (!isMap(container)) {
    found.add(name, "map")
    return items
  }
  for (const [id, value] of Object.entries(container)) {
    if (!isMap(value)) {
      found.add(`${name}/${id}`, "map")
      continue
    }
    const item = read(id, new ItemReader(value, `${name}/${id}`, found))
    if (item !== undefined) items.set(id, item)
  }
  return items
}

/** Reads every register of a container. */
export const readRegisters = (fields: MapDraft, name: string, found: Issues): ReadonlyMap<string, string> => {
  const values = new Map<string, string>()
  const container = fields[name]
  if (!isMap(container)) {
    found.add(name, "map")
    return values
  }
  for (const [key, value] of Object.entries(container)) {
    const text = textOf(value)
    if (text === undefined) found.add(`${name}/${key}`, "text")
    else values.set(key, text)
  }
  return values
}
