import { existsSync, mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import {
  type PassphraseCost,
  type Unlock,
  type VaultError,
  createStorageSeal,
  createVault,
  openVault,
} from "@home/crypto"
import {
  type IncarnationId,
  type Random,
  type Result,
  type Store,
  type StoreChange,
  err,
  ok,
} from "@home/shared/base"
import { type StoredBundle, createSealedStore } from "@home/shared/replica"
import { native } from "../native/all.js"
import type { DatabaseError } from "../store/database.js"
import { readInstallation } from "../store/installation.js"
import { openProfileDatabase } from "../store/profile-database.js"
import { type ProfileInUse, lockProfile } from "../store/profile-lock.js"
import type { SqliteArchive } from "../store/sqlite-archive.js"
import { readIfThere, writeWhole } from "./private-file.js"

/**
 * How a folder is opened. A person's has a passphrase, which is asked for once the folder's lock is held; a
 * server's has a key file of 32 bytes beside the vault, or wherever its owner put it, and never asks.
 */
export type FolderSecret =
  | {
      readonly type: "Passphrase"
      readonly ask: () => Promise<string | undefined>
      readonly cost?: PassphraseCost
    }
  /** `path`: default `key` in the folder; made, 0600, when a folder is created and it is not there. */
  | { readonly type: "KeyFile"; readonly path?: string }
  /** A folder inside another one, whose sealed store keeps the key: 32 bytes. */
  | { readonly type: "Key"; readonly key: Uint8Array }

export type FolderError =
  /** Nothing was founded, joined or claimed here. */
  | { readonly type: "NoProfile"; readonly dir: string }
  | { readonly type: "ProfileExists"; readonly dir: string }
  | ProfileInUse
  /** Nobody was there to ask. */
  | { readonly type: "NoPassphrase" }
  | { readonly type: "KeyFileMissing"; readonly path: string }
  | { readonly type: "WrongSecret" }
  /** The vault or the sealed values were damaged or exchanged: restore from a copy, or join again. */
  | { readonly type: "ProfileDamaged"; readonly dir: string }
  | DatabaseError

/** A folder whose database shows neither names nor values, held by this process alone. */
export interface SealedFolder {
  readonly dir: string
  readonly store: Store
  readonly archive: SqliteArchive
  readonly incarnation: IncarnationId
  /** The folder is a copy or was restored: it goes on as a new incarnation, with an archive of a new identity. */
  readonly isCopy: boolean
  close(): Promise<void>
}

const vaultPath = (dir: string): string => join(dir, "vault")
const databasePath = (dir: string): string => join(dir, "profile.db")
const keyBytes = 32

const markPath = (dir: string): string => join(dir, "removed")

/** What a removed device leaves: that it was one. */
export const wasRemoved = (dir: string): boolean => !hasProfile(dir) && existsSync(markPath(dir))

/**
 * Erases a closed folder, for its device was removed from the family. The vault goes first: without it nothing that a
 * crash, or the disk itself, leaves behind opens with any key.
 */
export const eraseRemoved = (dir: string): void => {
  rmSync(vaultPath(dir), { force: true })
  eraseContent(dir)
  rmSync(join(dir, "key"), { force: true })
  writeWhole(markPath(dir), new Uint8Array(0))
}

const eraseContent = (dir: string): void => {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(databasePath(dir) + suffix, { force: true })
  rmSync(join(dir, "installation"), { force: true })
  for (const inside of ["blobs", "shares"]) rmSync(join(dir, inside), { recursive: true, force: true })
}

/** Whether something was founded, joined or claimed in the folder: the vault is written last. */
export const hasProfile = (dir: string): boolean => readIfThere(vaultPath(dir)) !== undefined

/** An empty passphrase counts as none: it would protect nothing. */
const unlockOf = async (dir: string, secret: FolderSecret): Promise<Result<Unlock, FolderError>> => {
  if (secret.type === "Passphrase") {
    const passphrase = await secret.ask()
    return passphrase === undefined || passphrase === ""
      ? err({ type: "NoPassphrase" })
      : ok({ type: "Passphrase", passphrase })
  }
  if (secret.type === "Key") return ok({ type: "KeyFile", key: secret.key })
  const path = secret.path ?? join(dir, "key")
  const key = readIfThere(path)
  if (key === undefined) return err({ type: "KeyFileMissing", path })
  return key.length === keyBytes ? ok({ type: "KeyFile", key }) : err({ type: "WrongSecret" })
}

const errorOf = (dir: string, error: VaultError): FolderError =>
  error.type === "WrongPassphrase" || error.type === "WrongKeyFile" || error.type === "NoSuchSlot"
    ? { type: "WrongSecret" }
    : { type: "ProfileDamaged", dir }

const openUnderLock = async (
  dir: string,
  masterKey: Uint8Array,
  random: Random,
  release: () => void,
): Promise<Result<SealedFolder, FolderError>> => {
  const database = openProfileDatabase(databasePath(dir))
  if (!database.ok) {
    release()
    return database
  }
  const { archive } = database.value
  const store = createSealedStore(
    database.value.store,
    createStorageSeal({ masterKey, random, primitives: native }),
  )
  const close = async (): Promise<void> => {
    await database.value.close()
    release()
  }
  const { incarnation, fresh } = await readInstallation(dir, store, random)
  return ok({ dir, store, archive, incarnation, isCopy: fresh, close })
}

export const openFolder = async (
  dir: string,
  secret: FolderSecret,
  random: Random,
): Promise<Result<SealedFolder, FolderError>> => {
  const vault = readIfThere(vaultPath(dir))
  if (vault === undefined) return err({ type: "NoProfile", dir })
  const lock = lockProfile(dir)
  if (!lock.ok) return lock
  const { release } = lock.value
  const fail = (error: FolderError): Result<never, FolderError> => {
    release()
    return err(error)
  }
  const unlock = await unlockOf(dir, secret)
  if (!unlock.ok) return fail(unlock.error)
  const masterKey = await openVault(vault, unlock.value)
  if (!masterKey.ok) return fail(errorOf(dir, masterKey.error))
  const folder = await openUnderLock(dir, masterKey.value, random, release)
  if (folder.ok && folder.value.isCopy) await folder.value.archive.renewIdentity()
  return folder
}

/** A folder that is no profile yet: what is in it opens with no key until `keep` writes the vault. */
export interface PreparedFolder {
  readonly folder: SealedFolder
  keep(): void
}

/**
 * Makes a folder and writes `first` into its store and `bundles` into its archive. What is left of it when it is
 * closed before `keep`, or by a crash, is no profile, and the next attempt sweeps it away.
 */
export const prepareFolder = async (
  dir: string,
  secret: FolderSecret,
  random: Random,
  first: readonly StoreChange[],
  bundles: readonly StoredBundle[] = [],
): Promise<Result<PreparedFolder, FolderError>> => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const lock = lockProfile(dir)
  if (!lock.ok) return lock
  const { release } = lock.value
  const fail = (error: FolderError): Result<never, FolderError> => {
    release()
    return err(error)
  }
  if (hasProfile(dir)) return fail({ type: "ProfileExists", dir })
  if (secret.type === "KeyFile") makeKeyFile(secret.path ?? join(dir, "key"), random)
  const unlock = await unlockOf(dir, secret)
  if (!unlock.ok) return fail(unlock.error)
  for (const suffix of ["", "-wal", "-shm"]) rmSync(databasePath(dir) + suffix, { force: true })
  const cost = secret.type === "Passphrase" ? secret.cost : undefined
  const { vault, masterKey } = await createVault(cost === undefined ? { random } : { random, cost }, [
    unlock.value,
  ])
  const folder = await openUnderLock(dir, masterKey, random, release)
  if (!folder.ok) return folder
  if (bundles.length > 0) await folder.value.archive.append(bundles)
  if (first.length > 0) await folder.value.store.write(first)
  return ok({
    folder: { ...folder.value, isCopy: false },
    keep: () => {
      writeWhole(vaultPath(dir), vault)
      rmSync(markPath(dir), { force: true })
    },
  })
}

/** As `prepareFolder`, and kept at once. */
export const createFolder = async (
  ...made: Parameters<typeof prepareFolder>
): Promise<Result<SealedFolder, FolderError>> => {
  const prepared = await prepareFolder(...made)
  if (!prepared.ok) return prepared
  prepared.value.keep()
  return ok(prepared.value.folder)
}

const makeKeyFile = (path: string, random: Random): void => {
  if (readIfThere(path) === undefined) writeWhole(path, random.bytes(keyBytes))
}
