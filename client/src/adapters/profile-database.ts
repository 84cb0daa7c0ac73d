import type { Random, Store } from "@home/shared/base"
import { type IdbArchive, createArchiveStores, openIdbArchive } from "./idb-archive.js"
import { createEntryStore, createIdbStore } from "./idb-store.js"
import { requested } from "./idb.js"

const version = 1

/** Values that lie beside the sealed store: the vault, extra wraps, the key of the installation. */
export const clearStore = "clear"

export interface ProfileDatabase {
  readonly database: IDBDatabase
  readonly store: Store
  readonly archive: IdbArchive
  close(): void
}

const upgrade = (database: IDBDatabase): void => {
  createEntryStore(database)
  createArchiveStores(database)
  database.createObjectStore(clearStore)
}

/** `name`: one database holds one profile. Rejects where the browser has no database for us (private windows). */
export const openProfileDatabase = async (
  factory: IDBFactory,
  name: string,
  random: Random,
): Promise<ProfileDatabase> => {
  const request = factory.open(name, version)
  request.onupgradeneeded = () => upgrade(request.result)
  const database = await requested(request)
  // Somebody erases everything in another tab: nothing is kept from it.
  database.onversionchange = () => database.close()
  return {
    database,
    store: createIdbStore(database),
    archive: await openIdbArchive(database, random),
    close: () => database.close(),
  }
}

export const eraseDatabase = async (factory: IDBFactory, name: string): Promise<void> => {
  await requested(factory.deleteDatabase(name))
}
