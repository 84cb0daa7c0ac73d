import { join } from "node:path"
import type { GroupId, Store } from "@home/shared/base"
import { type ShareRecord, readShareRecords } from "@home/shared/device"
import { type FolderSecret, hasProfile } from "./sealed-folder.js"

/** A share is a profile of its own inside the family's folder: another group, another identity, the same engine. */
const dirOf = (profileDir: string, group: GroupId): string => join(profileDir, "shares", group.slice(0, 32))

/** The shares that this device is in; one whose making was cut short is none. */
export const readShareFolders = async (store: Store, profileDir: string): Promise<readonly ShareRecord[]> => {
  const records = await readShareRecords(store)
  return records.filter(({ group }) => hasProfile(dirOf(profileDir, group)))
}

export const placeOf = (
  profileDir: string,
  share: Pick<ShareRecord, "group" | "key">,
): { readonly dir: string; readonly secret: FolderSecret } => ({
  dir: dirOf(profileDir, share.group),
  secret: { type: "Key", key: share.key },
})
