import type { Key, Store, StoreChange } from "@home/shared/base"
import { reading, requested, writing } from "./idb.js"

/** `id` is given when the key is first written and stays: the order that `list` gives. */
interface Row {
  readonly id: number
  readonly key: string[]
  readonly value: Uint8Array
}

const entryStore = "entry"
const byKey = "key"

export const createEntryStore = (database: IDBDatabase): void => {
  database
    .createObjectStore(entryStore, { keyPath: "id", autoIncrement: true })
    .createIndex(byKey, "key", { unique: true })
}

/**
 * All keys that begin with the whole components of `prefix`, itself included: IndexedDB compares arrays component
 * by component, a shorter one first, and any string comes before any array.
 */
const under = (prefix: Key): IDBKeyRange => IDBKeyRange.bound([...prefix], [...prefix, []])

/** The write begins later than the call, and a view would be stored with everything around it. */
const copied = (change: StoreChange): StoreChange =>
  change.type === "Put" ? { ...change, value: change.value.slice() } : change

const apply = async (entries: IDBObjectStore, change: StoreChange): Promise<void> => {
  const keys = entries.index(byKey)
  if (change.type === "RemovePrefix") {
    for (const id of await requested(keys.getAllKeys(under(change.prefix))))
      await requested(entries.delete(id))
    return
  }
  const id = await requested(keys.getKey([...change.key]))
  if (change.type === "Put") {
    const row = { key: [...change.key], value: change.value }
    await requested(entries.put(id === undefined ? row : { ...row, id }))
  } else if (id !== undefined) await requested(entries.delete(id))
}

/** The port `Store` over one object store. `close` closes the database of the whole profile. */
export const createIdbStore = (database: IDBDatabase): Store => ({
  get: key =>
    reading(database, [entryStore], async transaction => {
      const found = transaction
        .objectStore(entryStore)
        .index(byKey)
        .get([...key])
      return ((await requested(found)) as Row | undefined)?.value
    }),
  list: prefix =>
    reading(database, [entryStore], async transaction => {
      const found = transaction.objectStore(entryStore).index(byKey).getAll(under(prefix))
      const rows = (await requested(found)) as Row[]
      return rows.sort((a, b) => a.id - b.id).map(({ key, value }) => ({ key, value }))
    }),
  write: async changes => {
    if (changes.length === 0) return
    const copies = changes.map(copied)
    await writing(database, [entryStore], async transaction => {
      const entries = transaction.objectStore(entryStore)
      for (const change of copies) await apply(entries, change)
    })
  },
  close: () => Promise.resolve(database.close()),
})
