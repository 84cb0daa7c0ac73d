import { join } from "node:path"
import { ByteReader, ByteWriter, type GroupId, type Store, type StoreChange } from "@home/shared/base"
import { type FolderSecret, hasProfile } from "./sealed-folder.js"

/** A share is a profile of its own inside the family's folder: another group, another identity, the same engine. */
export interface ShareFolder {
  readonly group: GroupId
  /** Opens the share's folder: 32 bytes. */
  readonly key: Uint8Array
  /** The other family's group id. */
  readonly family: GroupId
  readonly title: string
}

const version = 1
const titleBytes = 128
const under = "share"

const dirOf = (profileDir: string, group: GroupId): string => join(profileDir, "shares", group.slice(0, 32))

/** `version u8 | key 32 | family 32 | title text`, sealed in the family's store. */
export const sharePut = ({ group, key, family, title }: ShareFolder): StoreChange => ({
  type: "Put",
  key: [under, group],
  value: new ByteWriter().u8(version).bytes(key).hex(family).text(title).done(),
})

/** The shares that this device is in; one whose making was cut short is none. */
export const readShareFolders = async (store: Store, profileDir: string): Promise<readonly ShareFolder[]> => {
  const found: ShareFolder[] = []
  for (const { key: path, value } of await store.list([under])) {
    const reader = new ByteReader(value)
    if (reader.u8() !== version) reader.fail()
    const key = reader.bytes(32).slice()
    const family = reader.hex(32) as GroupId
    const title = reader.text(titleBytes)
    const group = path[1] as GroupId | undefined
    if (reader.end() && group !== undefined && hasProfile(dirOf(profileDir, group)))
      found.push({ group, key, family, title })
  }
  return found.sort((a, b) => (a.title < b.title ? -1 : 1))
}

export const placeOf = (
  profileDir: string,
  share: Pick<ShareFolder, "group" | "key">,
): { readonly dir: string; readonly secret: FolderSecret } => ({
  dir: dirOf(profileDir, share.group),
  secret: { type: "Key", key: share.key },
})
