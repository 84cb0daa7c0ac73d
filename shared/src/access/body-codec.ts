import type { ByteReader, ByteWriter, ChangeHash, DocumentId } from "../base/index.js"
import { operationLimits } from "./operation-limits.js"
import type { OperationBody, OperationType } from "./operation.js"
import {
  readAdmission,
  readCircle,
  readCuts,
  readDevice,
  readFlag,
  readKeys,
  readMember,
  readRecovery,
  readRekey,
  readRekeys,
  readRole,
  readTaking,
  readVoucher,
  readWraps,
  writeAdmission,
  writeCuts,
  writeFlag,
  writeKeys,
  writeRecovery,
  writeRekey,
  writeRekeys,
  writeRole,
  writeTaking,
  writeVoucher,
  writeWraps,
} from "./parts-codec.js"

/** On the wire for ever; 0 is never used. */
export const typeCodes = {
  genesis: 1,
  addMember: 2,
  addDevice: 3,
  removeMember: 4,
  removeDevice: 5,
  setRole: 6,
  yield: 7,
  suspend: 8,
  resume: 9,
  circle: 10,
  rekey: 11,
  wrap: 12,
  setRecovery: 13,
  docPolicy: 14,
  move: 15,
  rebase: 16,
  deleteDocument: 17,
} as const satisfies Record<OperationType, number>

const typesByCode = new Map<number, OperationType>(
  Object.entries(typeCodes).map(([type, code]) => [code, type as OperationType]),
)

const readDocument = (reader: ByteReader): DocumentId => reader.hex(16) as DocumentId

/** `type u8 | fields`, the fields in the order in which they are written here; flags and codes are one byte. */
export const writeBody = (writer: ByteWriter, body: OperationBody): ByteWriter => {
  writer.u8(typeCodes[body.type])
  switch (body.type) {
    case "genesis":
      writeFlag(writer, body.kind === "share")
        .bytes(body.nonce)
        .hex(body.founder)
      writeRekey(writeRecovery(writeKeys(writer, body.keys), body.recovery), body.rekey)
      return body.voucher === undefined ? writer : writeVoucher(writer, body.voucher)
    case "addMember":
      writeRole(writeFlag(writer.hex(body.member), body.kind === "box"), body.role)
      writer.list(body.circles, (w, circle) => w.hex(circle)).u64(body.expiresMs ?? 0)
      return writeWraps(writeAdmission(writer, body.device), body.wraps)
    case "addDevice":
      return writeWraps(writeAdmission(writer.hex(body.member), body.device), body.wraps)
    case "removeMember":
      return writeTaking(writer.hex(body.member), body.taking)
    case "removeDevice":
    case "suspend":
      return writeTaking(writer.hex(body.device), body.taking)
    case "setRole":
      return writeTaking(writeRole(writer.hex(body.member), body.role), body.taking)
    case "yield":
      return body.to.type === "Device"
        ? writeFlag(writer, false).hex(body.to.device)
        : writeFlag(writer, true).hex(body.to.member)
    case "resume":
      return writer.hex(body.device)
    case "circle":
      writer
        .hex(body.circle)
        .list(body.add, (w, member) => w.hex(member))
        .list(body.remove, (w, member) => w.hex(member))
      return writeTaking(writeWraps(writer, body.wraps), body.taking)
    case "rekey":
      return writeCuts(writeRekey(writer, body.rekey), body.cuts)
    case "wrap":
      return writeWraps(writer, body.wraps)
    case "setRecovery":
      return writeCuts(writeRekeys(writeRecovery(writer, body.recovery), body.rekeys), body.cuts)
    case "docPolicy":
      writeFlag(writer.hex(body.circle).hex(body.document), body.usersWrite)
      return writeTaking(
        writer.list(body.invited, (w, member) => w.hex(member)),
        body.taking,
      )
    case "move":
      return writer
        .hex(body.circle)
        .hex(body.document)
        .hex(body.toCircle)
        .hex(body.to)
        .list(body.frontier, (w, change) => w.hex(change))
    case "rebase":
      return writer
        .hex(body.circle)
        .hex(body.document)
        .list(body.frontier, (w, change) => w.hex(change))
        .hex(body.to)
    case "deleteDocument":
      return writer.hex(body.circle).hex(body.document)
  }
}

/** Gives `undefined` for an unknown type; for a field out of bounds the reader has failed. */
export const readBody = (reader: ByteReader): OperationBody | undefined => {
  const type = typesByCode.get(reader.u8())
  switch (type) {
    case undefined:
      return undefined
    case "genesis": {
      const isShare = readFlag(reader)
      const genesis = {
        nonce: reader.bytes(16),
        founder: readMember(reader),
        keys: readKeys(reader),
        recovery: readRecovery(reader),
        rekey: readRekey(reader),
      }
      if (!isShare) return { type, kind: "family", ...genesis }
      return { type, kind: "share", ...genesis, voucher: readVoucher(reader) }
    }
    case "addMember":
      return {
        type,
        member: readMember(reader),
        kind: readFlag(reader) ? "box" : "person",
        role: readRole(reader),
        circles: reader.list(operationLimits.circles, readCircle),
        expiresMs: reader.u64() || undefined,
        device: readAdmission(reader),
        wraps: readWraps(reader),
      }
    case "addDevice":
      return { type, member: readMember(reader), device: readAdmission(reader), wraps: readWraps(reader) }
    case "removeMember":
      return { type, member: readMember(reader), taking: readTaking(reader) }
    case "removeDevice":
    case "suspend":
      return { type, device: readDevice(reader), taking: readTaking(reader) }
    case "setRole":
      return { type, member: readMember(reader), role: readRole(reader), taking: readTaking(reader) }
    case "yield":
      return readFlag(reader)
        ? { type, to: { type: "Member", member: readMember(reader) } }
        : { type, to: { type: "Device", device: readDevice(reader) } }
    case "resume":
      return { type, device: readDevice(reader) }
    case "circle":
      return {
        type,
        circle: readCircle(reader),
        add: reader.list(operationLimits.members, readMember),
        remove: reader.list(operationLimits.members, readMember),
        wraps: readWraps(reader),
        taking: readTaking(reader),
      }
    case "rekey":
      return { type, rekey: readRekey(reader), cuts: readCuts(reader) }
    case "wrap":
      return { type, wraps: readWraps(reader) }
    case "setRecovery":
      return { type, recovery: readRecovery(reader), rekeys: readRekeys(reader), cuts: readCuts(reader) }
    case "docPolicy":
      return {
        type,
        circle: readCircle(reader),
        document: readDocument(reader),
        usersWrite: readFlag(reader),
        invited: reader.list(operationLimits.members, readMember),
        taking: readTaking(reader),
      }
    case "move":
      return {
        type,
        circle: readCircle(reader),
        document: readDocument(reader),
        toCircle: readCircle(reader),
        to: readDocument(reader),
        frontier: reader.list(operationLimits.frontier, r => r.hex(32) as ChangeHash),
      }
    case "rebase":
      return {
        type,
        circle: readCircle(reader),
        document: readDocument(reader),
        frontier: reader.list(operationLimits.frontier, r => r.hex(32) as ChangeHash),
        to: readDocument(reader),
      }
    case "deleteDocument":
      return { type, circle: readCircle(reader), document: readDocument(reader) }
  }
}
