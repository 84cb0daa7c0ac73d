import { type ProfileContent, contentKey, contentPut, createStorageSeal, parseContent } from "@home/crypto"
import {
  type IncarnationId,
  type Random,
  type Result,
  type Store,
  type StoreChange,
  err,
  ok,
} from "@home/shared/base"
import { type Archive, type BlobStore, type StoredBundle, createSealedStore } from "@home/shared/replica"
import { type ClearStore, createClearStore } from "../../adapters/clear-records.js"
import { readInstallation } from "../../adapters/installation.js"
import { type ProfileDatabase, eraseDatabase, openProfileDatabase } from "../../adapters/profile-database.js"

/** The profile, unlocked: this browser belongs to a member of a family. */
export interface Profile {
  readonly store: Store
  readonly archive: Archive
  readonly blobs: BlobStore
  readonly incarnation: IncarnationId
  /** As it is now. */
  content(): ProfileContent
  update(patch: Partial<Pick<ProfileContent, "relays" | "boxes" | "deviceName">>): Promise<void>
}

/** The database of this browser, with or without a profile in it. */
export interface Disk {
  readonly clear: ClearStore
  readonly database: ProfileDatabase
  close(): void
}

export const openDisk = async (factory: IDBFactory, name: string, random: Random): Promise<Disk> => {
  const database = await openProfileDatabase(factory, name, random)
  return { database, clear: createClearStore(database.database), close: () => database.close() }
}

/** With all databases that lie below it: shares of a family. */
export const eraseDisk = async (factory: IDBFactory, name: string): Promise<void> => {
  const known = await factory.databases()
  for (const { name: other = "" } of known)
    if (other.startsWith(`${name}/`)) await eraseDatabase(factory, other)
  await eraseDatabase(factory, name)
}

const sealedStore = (disk: Disk, masterKey: Uint8Array, random: Random): Store =>
  createSealedStore(disk.database.store, createStorageSeal({ masterKey, random }))

/** `ProfileDamaged`: it is not there under this key, or of a later version. */
export const openProfile = async (
  disk: Disk,
  masterKey: Uint8Array,
  random: Random,
): Promise<Result<Profile, { readonly type: "ProfileDamaged" }>> => {
  const store = sealedStore(disk, masterKey, random)
  const stored = await store.get(contentKey)
  let content = stored && parseContent(stored)
  if (content === undefined) return err({ type: "ProfileDamaged" })
  const { incarnation, fresh } = await readInstallation(disk.clear, store, random)
  if (fresh) await disk.database.archive.renewIdentity()
  const known = (): ProfileContent => content as ProfileContent
  return ok({
    store,
    archive: disk.database.archive,
    blobs: disk.database.blobs,
    incarnation,
    content: known,
    update: async patch => {
      content = { ...known(), ...patch }
      await store.write([contentPut(content)])
    },
  })
}

/**
 * What came of founding, joining or recovering, written to an empty disk. The vault is put in place last, by the
 * caller: before it stands there is no profile, and the next attempt begins with an empty disk again.
 */
export const writeProfile = async (
  disk: Disk,
  masterKey: Uint8Array,
  random: Random,
  first: {
    readonly content: ProfileContent
    readonly changes: readonly StoreChange[]
    readonly bundles?: readonly StoredBundle[]
  },
): Promise<void> => {
  const store = sealedStore(disk, masterKey, random)
  await readInstallation(disk.clear, store, random)
  if (first.bundles !== undefined) await disk.database.archive.append(first.bundles)
  await store.write([...first.changes, contentPut(first.content)])
}
