import { ByteReader, ByteWriter, type GroupId, type Store, type StoreChange } from "../base/index.js"

/** A share that this device is in, as the family's sealed store names it. The share itself is a profile of its own. */
export interface ShareRecord {
  readonly group: GroupId
  /** Opens the share's profile: 32 bytes. */
  readonly key: Uint8Array
  /** The other family's group id. */
  readonly family: GroupId
  readonly title: string
}

const version = 1
const titleBytes = 128
const under = "share"

/** `version u8 | key 32 | family 32 | title text`, sealed in the family's store. */
export const shareRecordPut = ({ group, key, family, title }: ShareRecord): StoreChange => ({
  type: "Put",
  key: [under, group],
  value: new ByteWriter().u8(version).bytes(key).hex(family).text(title).done(),
})

export const shareRecordRemove = (group: GroupId): StoreChange => ({ type: "Remove", key: [under, group] })

/** By title. What a crash left of one whose making was cut short is among them: its profile does not open. */
export const readShareRecords = async (store: Store): Promise<readonly ShareRecord[]> => {
  const found: ShareRecord[] = []
  for (const { key: path, value } of await store.list([under])) {
    const reader = new ByteReader(value)
    if (reader.u8() !== version) reader.fail()
    const key = reader.bytes(32).slice()
    const family = reader.hex(32) as GroupId
    const title = reader.text(titleBytes)
    const group = path[1] as GroupId | undefined
    if (reader.end() && group !== undefined) found.push({ group, key, family, title })
  }
  return found.sort((a, b) => (a.title < b.title ? -1 : 1))
}
