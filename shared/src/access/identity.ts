import {
  type CircleId,
  type DeviceId,
  type DocumentId,
  type DocumentName,
  type GroupId,
  type MemberId,
  ByteWriter,
  areaCodes,
  bytesToHex,
  textToBytes,
} from "../base/index.js"
import type { Author, DeviceKeys, Hash, Voucher } from "./operation.js"

const idBytes = 16
const firstBytes = (hash: Uint8Array): string => bytesToHex(hash.subarray(0, idBytes))
const hexBytes = (hex: string): Uint8Array => new ByteWriter().hex(hex).done()

export const deviceIdOf = (keys: DeviceKeys, hash: Hash): DeviceId =>
  firstBytes(hash("device", keys.signing, keys.wrap, keys.link)) as DeviceId

/** A voucher as a device: it links with nobody, so its link key is zeros. */
export const voucherKeysOf = ({ signing, wrap }: Voucher): DeviceKeys => ({
  signing,
  wrap,
  link: new Uint8Array(32),
})

export const everyoneOf = (group: GroupId, hash: Hash): CircleId =>
  firstBytes(hash("everyone", hexBytes(group))) as CircleId

/** A circle is named by who made it and by its number: nobody can make another's circle a second time. */
export const circleIdOf = (group: GroupId, author: Author, seq: number, hash: Hash): CircleId => {
  const maker = author === "recovery" ? new Uint8Array(idBytes) : hexBytes(author)
  return firstBytes(hash("circle", hexBytes(group), maker, new ByteWriter().u64(seq).done())) as CircleId
}

export const documentIdOf = (
  group: GroupId,
  circle: CircleId,
  document: DocumentName,
  hash: Hash,
): DocumentId =>
  firstBytes(
    hash(
      "document",
      hexBytes(group),
      hexBytes(circle),
      Uint8Array.of(areaCodes[document.area]),
      textToBytes(document.name),
    ),
  ) as DocumentId

/**
 * The name under which a document goes on in the circle that it was moved to: another one at each move, so that what was
 * moved there and back meets none of its old copies.
 */
export const movedNameOf = (document: DocumentId, toCircle: CircleId, hash: Hash): string =>
  firstBytes(hash("moved document", hexBytes(document), hexBytes(toCircle)))

/** What a newcomer's device signs (domain "admission"): its keys, for this member of this group only. */
export const admissionMessage = (group: GroupId, member: MemberId, keys: DeviceKeys): Uint8Array =>
  new ByteWriter().hex(group).hex(member).bytes(keys.signing).bytes(keys.wrap).bytes(keys.link).done()
