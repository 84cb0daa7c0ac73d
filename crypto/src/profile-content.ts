import {
  ByteReader,
  ByteWriter,
  type GroupId,
  type Key,
  type MemberId,
  type StoreChange,
} from "@home/shared/base"
import { type DeviceIdentity, encodeIdentity, parseIdentity } from "./identity.js"
import { noble } from "./noble/all.js"
import type { Primitives } from "./primitives.js"

/** What a device is: kept sealed in its store as one record. */
export interface ProfileContent {
  readonly group: GroupId
  readonly member: MemberId
  readonly identity: DeviceIdentity
  /** Opens the family's membership log; 32 bytes. */
  readonly logKey: Uint8Array
  /** The room secret at which the family leaves what the recovery phrase needs; 32 bytes. */
  /** ws:// or wss:// URLs; a relay's URL is also its name in the family's keys. */
  readonly relays: readonly string[]
  /** ws:// addresses of the family's box in the local network. */
  readonly boxes: readonly string[]
  /** What the device is called where people see it. */
  readonly deviceName: string
}

export const contentKey: Key = ["profile"]

const version = 1
const identityLimitBytes = 1024
const addresses = 16
const addressBytes = 1024
const nameBytes = 256

/** `version u8 | group 32 | member 16 | identity block | logKey 32 | relays | boxes | deviceName`, lists of text. */
export const encodeContent = (content: ProfileContent): Uint8Array =>
  new ByteWriter()
    .u8(version)
    .hex(content.group)
    .hex(content.member)
    .block(encodeIdentity(content.identity))
    .bytes(content.logKey)
    .list(content.relays, (list, relay) => list.text(relay))
    .list(content.boxes, (list, box) => list.text(box))
    .text(content.deviceName)
    .done()

/** `undefined`: of a later version, or not written by this program. */
export const parseContent = (
  bytes: Uint8Array,
  primitives: Primitives = noble,
): ProfileContent | undefined => {
  const reader = new ByteReader(bytes)
  if (reader.u8() !== version) reader.fail()
  const group = reader.hex(32) as GroupId
  const member = reader.hex(16) as MemberId
  const identity = parseIdentity(reader.block(identityLimitBytes), primitives)
  const logKey = reader.bytes(32).slice()
  const relays = reader.list(addresses, list => list.text(addressBytes))
  const boxes = reader.list(addresses, list => list.text(addressBytes))
  const deviceName = reader.text(nameBytes)
  if (!reader.end() || !identity.ok) return undefined
  return { group, member, identity: identity.value, logKey, relays, boxes, deviceName }
}

export const contentPut = (content: ProfileContent): StoreChange => ({
  type: "Put",
  key: contentKey,
  value: encodeContent(content),
})
