import type { Key, Store, StoreChange } from "../base/index.js"

const startsWith = (key: Key, prefix: Key): boolean => prefix.every((component, i) => key[i] === component)

/** What a memory store keeps; handed to another `createMemoryStore` it is the disk that was reopened. */
export type MemoryDisk = Map<string, { readonly key: Key; readonly value: Uint8Array }>

const copied = (change: StoreChange): StoreChange =>
  change.type === "Put" ? { type: "Put", key: [...change.key], value: change.value.slice() } : change

/** The store of tests and of the simulation. Values are copied both ways, as a disk would. */
export const createMemoryStore = (disk: MemoryDisk = new Map()): Store => {
  const apply = (change: StoreChange): void => {
    if (change.type === "Put") disk.set(JSON.stringify(change.key), { key: change.key, value: change.value })
    else if (change.type === "Remove") disk.delete(JSON.stringify(change.key))
    else for (const [name, { key }] of disk) if (startsWith(key, change.prefix)) disk.delete(name)
  }
  let open = true
  const whenOpen = <T>(run: () => T): Promise<T> =>
    open ? new Promise(resolve => resolve(run())) : Promise.reject(new Error("the store is closed"))
  return {
    get: key => whenOpen(() => disk.get(JSON.stringify(key))?.value.slice()),
    list: prefix =>
      whenOpen(() =>
        [...disk.values()]
          .filter(({ key }) => startsWith(key, prefix))
          .map(({ key, value }) => ({ key: [...key], value: value.slice() })),
      ),
    // Copied before the first is applied: what is no bytes throws here, and the write is all or nothing.
    write: changes => whenOpen(() => changes.map(copied).forEach(apply)),
    close: async () => {
      open = false
    },
  }
}
