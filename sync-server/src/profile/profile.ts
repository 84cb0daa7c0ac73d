import { type ProfileContent, contentKey, contentPut, parseContent } from "@home/crypto"
import type { StoredBundle } from "@home/shared/replica"
import { type Random, type Result, type StoreChange, err, ok } from "@home/shared/base"
import { native } from "../native/all.js"
import {
  type FolderError,
  type FolderSecret,
  type SealedFolder,
  openFolder,
  prepareFolder,
} from "./sealed-folder.js"

export {
  type FolderSecret,
  type SealedFolder,
  createFolder,
  eraseRemoved,
  hasProfile,
  openFolder,
  wasRemoved,
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
  const content = parseContent(stored, native)
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
 * A profile in a new folder, which is none until `keep`: what came of founding, joining or recovering. `changes`: the
 * log's operations; `bundles`: those that carried them, verified.
 */
export const prepareProfile = async (
  dir: string,
  secret: FolderSecret,
  random: Random,
  content: ProfileContent,
  changes: readonly StoreChange[],
  bundles: readonly StoredBundle[] = [],
): Promise<Result<{ readonly profile: OpenProfile; keep(): void }, ProfileError>> => {
  const made = await prepareFolder(dir, secret, random, [...changes, contentPut(content)], bundles)
  return made.ok ? ok({ profile: profileOf(made.value.folder, content), keep: made.value.keep }) : made
}

/** As `prepareProfile`, and kept at once. */
export const createProfile = async (
  ...made: Parameters<typeof prepareProfile>
): Promise<Result<OpenProfile, ProfileError>> => {
  const prepared = await prepareProfile(...made)
  if (!prepared.ok) return prepared
  prepared.value.keep()
  return ok(prepared.value.profile)
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
