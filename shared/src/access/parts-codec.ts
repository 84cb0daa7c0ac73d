import type {
  BundleHash,
  ByteReader,
  ByteWriter,
  CircleId,
  DeviceId,
  EpochId,
  FeedId,
  MemberId,
} from "../base/index.js"
import { operationLimits } from "./operation-limits.js"
import type {
  Cut,
  DeviceAdmission,
  DeviceKeys,
  KeyWrap,
  RecoveryKeys,
  Rekey,
  Role,
  Taking,
  Voucher,
} from "./operation.js"

// The parts that several operations share. Each layout stands above its pair; lists are `u16 count | items`,
// blocks `u32 length | bytes`. Codes go on the wire and never change.

const roleCodes = { admin: 1, editor: 2, user: 3, guest: 4 } as const
const rolesByCode = new Map<number, Role>(
  Object.entries(roleCodes).map(([role, code]) => [code, role as Role]),
)

export const readCircle = (reader: ByteReader): CircleId => reader.hex(16) as CircleId
export const readMember = (reader: ByteReader): MemberId => reader.hex(16) as MemberId
export const readDevice = (reader: ByteReader): DeviceId => reader.hex(16) as DeviceId
const readEpoch = (reader: ByteReader): EpochId => reader.hex(32) as EpochId

export const writeRole = (writer: ByteWriter, role: Role): ByteWriter => writer.u8(roleCodes[role])
export const readRole = (reader: ByteReader): Role => {
  const role = rolesByCode.get(reader.u8())
  if (role === undefined) reader.fail()
  return role ?? "guest"
}

/** `0 | 1`; anything else is malformed. */
export const writeFlag = (writer: ByteWriter, flag: boolean): ByteWriter => writer.u8(flag ? 1 : 0)
export const readFlag = (reader: ByteReader): boolean => {
  const flag = reader.u8()
  if (flag > 1) reader.fail()
  return flag === 1
}

/** `signing 32 | wrap 32 | link 32` */
export const writeKeys = (writer: ByteWriter, keys: DeviceKeys): ByteWriter =>
  writer.bytes(keys.signing).bytes(keys.wrap).bytes(keys.link)
export const readKeys = (reader: ByteReader): DeviceKeys => ({
  signing: reader.bytes(32),
  wrap: reader.bytes(32),
  link: reader.bytes(32),
})

/** `keys 96 | proof 64` */
export const writeAdmission = (writer: ByteWriter, device: DeviceAdmission): ByteWriter =>
  writeKeys(writer, device.keys).bytes(device.proof)
export const readAdmission = (reader: ByteReader): DeviceAdmission => ({
  keys: readKeys(reader),
  proof: reader.bytes(64),
})

/** `member 16 | role u8 | signing 32 | wrap 32` */
export const writeVoucher = (writer: ByteWriter, voucher: Voucher): ByteWriter =>
  writeRole(writer.hex(voucher.member), voucher.role).bytes(voucher.signing).bytes(voucher.wrap)
export const readVoucher = (reader: ByteReader): Voucher => ({
  member: readMember(reader),
  role: readRole(reader),
  signing: reader.bytes(32),
  wrap: reader.bytes(32),
})

/** `signing 32 | wrap 32` */
export const writeRecovery = (writer: ByteWriter, keys: RecoveryKeys): ByteWriter =>
  writer.bytes(keys.signing).bytes(keys.wrap)
export const readRecovery = (reader: ByteReader): RecoveryKeys => ({
  signing: reader.bytes(32),
  wrap: reader.bytes(32),
})

/** `1` for the recovery key, or `0 | device 16` */
export const writeHolder = (writer: ByteWriter, holder: DeviceId | "recovery"): ByteWriter =>
  holder === "recovery" ? writer.u8(1) : writer.u8(0).hex(holder)
export const readHolder = (reader: ByteReader): DeviceId | "recovery" =>
  readFlag(reader) ? "recovery" : readDevice(reader)

/** `circle 16 | epoch 32 | holder | sealed block` */
export const writeWraps = (writer: ByteWriter, wraps: readonly KeyWrap[]): ByteWriter =>
  writer.list(wraps, (w, wrap) => writeHolder(w.hex(wrap.circle).hex(wrap.epoch), wrap.to).block(wrap.sealed))
export const readWraps = (reader: ByteReader): readonly KeyWrap[] =>
  reader.list(operationLimits.wraps, r => ({
    circle: readCircle(r),
    epoch: readEpoch(r),
    to: readHolder(r),
    sealed: r.block(operationLimits.sealedKeyBytes),
  }))

/** `circle 16 | epoch 32 | tag 8 | replaces: epochs 32 | wraps: (holder, sealed block) | earlier block` */
export const writeRekey = (writer: ByteWriter, rekey: Rekey): ByteWriter =>
  writer
    .hex(rekey.circle)
    .hex(rekey.epoch)
    .hex(rekey.tag)
    .list(rekey.replaces, (w, epoch) => w.hex(epoch))
    .list(rekey.wraps, (w, wrap) => writeHolder(w, wrap.to).block(wrap.sealed))
    .block(rekey.earlier)
export const readRekey = (reader: ByteReader): Rekey => {
  const circle = readCircle(reader)
  const epoch = readEpoch(reader)
  const tag = reader.hex(8)
  const replaces = reader.list(operationLimits.epochHeads, readEpoch)
  const wraps = reader.list(operationLimits.wraps, r => ({
    circle,
    epoch,
    to: readHolder(r),
    sealed: r.block(operationLimits.sealedKeyBytes),
  }))
  return { circle, epoch, tag, replaces, wraps, earlier: reader.block(operationLimits.earlierKeysBytes) }
}

/** `feed 32 | heads: (seq u64, hash 32)` */
export const writeCuts = (writer: ByteWriter, cuts: readonly Cut[]): ByteWriter =>
  writer.list(cuts, (w, cut) => w.hex(cut.feed).list(cut.heads, (v, head) => v.u64(head.seq).hex(head.hash)))
export const readCuts = (reader: ByteReader): readonly Cut[] =>
  reader.list(operationLimits.cuts, r => ({
    feed: r.hex(32) as FeedId,
    heads: r.list(operationLimits.cutHeads, s => ({ seq: s.u64(), hash: s.hex(32) as BundleHash })),
  }))

export const writeRekeys = (writer: ByteWriter, rekeys: readonly Rekey[]): ByteWriter =>
  writer.list(rekeys, writeRekey)
export const readRekeys = (reader: ByteReader): readonly Rekey[] =>
  reader.list(operationLimits.circles, readRekey)

/** `circles 16 each | cuts | rekeys` */
export const writeTaking = (writer: ByteWriter, taking: Taking): ByteWriter =>
  writeRekeys(
    writeCuts(
      writer.list(taking.circles, (w, circle) => w.hex(circle)),
      taking.cuts,
    ),
    taking.rekeys,
  )
export const readTaking = (reader: ByteReader): Taking => ({
  circles: reader.list(operationLimits.circles, readCircle),
  cuts: readCuts(reader),
  rekeys: readRekeys(reader),
})
