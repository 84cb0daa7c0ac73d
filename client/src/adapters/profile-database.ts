import type { Random, Store } from "@home/shared/base"
import type { BlobStore } from "@home/shared/replica"
import { type IdbArchive, createArchiveStores, openIdbArchive } from "./idb-archive.js"
import { createChunkStores, createIdbBlobStore } from "./idb-blobs.js"
import { createEntryStore, createIdbStore } from "./idb-store.js"
import { requested } from "./idb.js"

const version = 2

/** Values that lie beside the sealed store: the vault, extra wraps, the key of the installation. */
export const clearStore = "clear"

export interface ProfileDatabase {
  readonly database: IDBDatabase
  readonly store: Store
  readonly archive: IdbArchive
  readonly blobs: BlobStore
  close(): void
}

const upgrade = (database: IDBDatabase, from: number): void => {
  if (from < 1) {
    createEntryStore(database)
    createArchiveStores(database)
    database.createObjectStore(clearStore)
  }
  if (from < 2) createChunkStores(database)
}

/** `name`: one database holds one profile. Rejects where the browser has no database for us (private windows). */
export const openProfileDatabase = async (
  factory: IDBFactory,
  name: string,
  random: Random,
): Promise<ProfileDatabase> => {
  const request = factory.open(name, version)
  request.onupgradeneeded = ({ oldVersion }) => upgrade(request.result, oldVersion)
  const database = await requested(request)
  // Somebody erases everything in another tab: nothing is kept from it.
  database.onversionchange = () => database.close()
  return {
    database,
    store: createIdbStore(database),
    archive: await openIdbArchive(database, random),
    blobs: createIdbBlobStore(database),
    close: () => database.close(),
  }
}

export const eraseDatabase = async (factory: IDBFactory, name: string): Promise<void> => {
  await requested(factory.deleteDatabase(name))
}
