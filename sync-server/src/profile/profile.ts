import type { StoredBundle } from "@home/shared/replica"
import type { Sealer } from "@home/shared/wire"
import { type Random, type Result, type StoreChange, bytesToHex, err, ok } from "@home/shared/base"
import { type ProfileContent, contentKey, contentPut, parseContent } from "./content.js"
import {
  type FolderError,
  type FolderSecret,
  type SealedFolder,
  createFolder,
  openFolder,
} from "./sealed-folder.js"

export type { ProfileContent } from "./content.js"
export {
  type FolderSecret,
  type SealedFolder,
  createFolder,
  hasProfile,
  openFolder,
} from "./sealed-folder.js"

/** `NoProfile` also where a folder was made and is in no family yet: a box that waits to be claimed. */
export type ProfileError = FolderError

/** A device's folder, open: it belongs to a member of a family. */
export interface OpenProfile {
  readonly folder: SealedFolder
  readonly content: ProfileContent
  /** Keeps what changed (a box's address, a relay) and gives the profile as it is then. */
  update(patch: Partial<Pick<ProfileContent, "relays" | "boxes" | "deviceName">>): Promise<OpenProfile>
  close(): Promise<void>
}

const profileOf = (folder: SealedFolder, content: ProfileContent): OpenProfile => ({
  folder,
  content,
  update: async patch => {
    const changed = { ...content, ...patch }
    await folder.store.write([contentPut(changed)])
    return profileOf(folder, changed)
  },
  close: () => folder.close(),
})

/** The profile in a folder that is open already. The folder stays open when this fails. */
export const readProfile = async (folder: SealedFolder): Promise<Result<OpenProfile, ProfileError>> => {
  const stored = await folder.store.get(contentKey)
  if (stored === undefined) return err({ type: "NoProfile", dir: folder.dir })
  const content = parseContent(stored)
  return content === undefined
    ? err({ type: "ProfileDamaged", dir: folder.dir })
    : ok(profileOf(folder, content))
}

/** Takes the folder's lock, opens its vault and database. Close it: the lock lasts until then. */
export const openProfile = async (
  dir: string,
  secret: FolderSecret,
  random: Random,
): Promise<Result<OpenProfile, ProfileError>> => {
  const folder = await openFolder(dir, secret, random)
  if (!folder.ok) return folder
  const profile = await readProfile(folder.value)
  if (!profile.ok) await folder.value.close()
  return profile
}

/**
 * A profile in a new folder: what came of founding, joining or recovering. `changes`: the log's operations;
 * `bundles`: those that carried them, verified.
 */
export const createProfile = async (
  dir: string,
  secret: FolderSecret,
  random: Random,
  content: ProfileContent,
  changes: readonly StoreChange[],
  bundles: readonly StoredBundle[] = [],
): Promise<Result<OpenProfile, ProfileError>> => {
  const folder = await createFolder(dir, secret, random, [...changes, contentPut(content)], bundles)
  return folder.ok ? ok(profileOf(folder.value, content)) : folder
}

/** A profile in a folder that is open and was in no family: a box that was just claimed. One atomic write. */
export const adoptProfile = async (
  folder: SealedFolder,
  content: ProfileContent,
  changes: readonly StoreChange[],
): Promise<OpenProfile> => {
  await folder.store.write([...changes, contentPut(content)])
  return profileOf(folder, content)
}

/** How the operations of a log that was handed over are kept (`Admitted.operations`). */
export const operationChanges = (
  sealer: Pick<Sealer, "hash">,
  operations: readonly Uint8Array[],
): readonly StoreChange[] =>
  operations.map(bytes => ({
    type: "Put",
    key: ["operation", bytesToHex(sealer.hash("operation", bytes))],
    value: bytes,
  }))
