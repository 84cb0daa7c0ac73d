import {
  ByteReader,
  ByteWriter,
  type GroupId,
  type OperationId,
  type Result,
  bytesToHex,
  concatBytes,
  err,
  ok,
} from "../base/index.js"
import { limits } from "../wire/index.js"
import { readBody, writeBody } from "./body-codec.js"
import type { Hash, Operation, UnsignedOperation } from "./operation.js"
import { readHolder, writeHolder } from "./parts-codec.js"

const version = 1
const signatureBytes = 64
const noGroup = "00".repeat(32)

/** All are final: drop the operation. `OperationVersion` is from a later version of HOME: keep the bytes, ask for an update. */
export type OperationError =
  | { readonly type: "OperationTooLarge" }
  | { readonly type: "OperationVersion"; readonly version: number }
  | { readonly type: "OperationMalformed" }

/**
 * What the author signs: `version u8 | group 32 | parents: ids 32, ascending | author | seq u64 | type u8 | fields`.
 * The author is `0 | device 16`, or `1` for the recovery key. In a genesis the group is zeros.
 */
export const encodeUnsignedOperation = (operation: UnsignedOperation): Uint8Array => {
  const writer = new ByteWriter()
    .u8(version)
    .hex(operation.body.type === "genesis" ? noGroup : operation.group)
  writer.list([...operation.parents].sort(), (w, parent) => w.hex(parent))
  return writeBody(writeHolder(writer, operation.author).u64(operation.seq), operation.body).done()
}

/** `unsigned part | signature 64`: what is stored, sent and hashed. */
export const joinOperation = (unsigned: Uint8Array, signature: Uint8Array): Uint8Array =>
  concatBytes(unsigned, signature)

/**
 * Parses bytes from anywhere: size first, then the exact layout; fields are views into `bytes`. The id is the hash
 * of all bytes (domain "operation"); a genesis is the group of that id. Whose signature it must carry only the
 * log can tell: `GroupLog.signerOf`.
 */
export const parseOperation = (bytes: Uint8Array, hash: Hash): Result<Operation, OperationError> => {
  if (bytes.length > limits.operationBytes) return err({ type: "OperationTooLarge" })
  const theirVersion = bytes[0]
  if (theirVersion === undefined || bytes.length < signatureBytes) return err({ type: "OperationMalformed" })
  if (theirVersion !== version) return err({ type: "OperationVersion", version: theirVersion })
  const signedPart = bytes.subarray(0, bytes.length - signatureBytes)
  const reader = new ByteReader(signedPart)
  reader.u8()
  const group = reader.hex(32)
  const parents = reader.list(limits.groupHeads, r => r.hex(32) as OperationId)
  if (parents.some((parent, i) => i > 0 && parent <= (parents[i - 1] ?? ""))) reader.fail()
  const author = readHolder(reader)
  const seq = reader.u64()
  if (seq < 1) reader.fail()
  const body = readBody(reader)
  if (body === undefined || !reader.end()) return err({ type: "OperationMalformed" })
  const isGenesis = body.type === "genesis"
  if (isGenesis !== (group === noGroup) || isGenesis !== (parents.length === 0)) {
    return err({ type: "OperationMalformed" })
  }
  const id = bytesToHex(hash("operation", bytes)) as OperationId
  return ok({
    id,
    group: (isGenesis ? id : group) as string as GroupId,
    parents,
    author,
    seq,
    body,
    bytes,
    signedPart,
    signature: bytes.subarray(bytes.length - signatureBytes),
  })
}
