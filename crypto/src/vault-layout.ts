import { ByteReader, ByteWriter, type Result, err, ok } from "@home/shared/base"
import { type PassphraseCost, isCostAllowed } from "./argon2.js"

// `version u8 = 1 | slot count u8 | slots | mac 32`, slot = `kind u8 | parameters | sealed 72`:
// kind 1, passphrase: parameters = `salt 16 | memoryKib u32 | iterations u32 | parallelism u8`
// kind 2, key file: no parameters.

/** Sealed master key: `nonce 24 | key 32 | tag 16`. */
const sealedKeyBytes = 72
const macBytes = 32
export const saltBytes = 16
/** A passphrase, a key file, a passkey and some to spare. */
const maxSlots = 8
const version = 1
const kinds = { Passphrase: 1, KeyFile: 2 } as const

/** One way to open the vault. */
export type Slot = SlotHead & { readonly sealed: Uint8Array }

export interface VaultLayout {
  readonly slots: readonly Slot[]
  /** All before the mac. */
  readonly authenticated: Uint8Array
  readonly mac: Uint8Array
}

export type VaultParseError =
  /** Not a vault, of another version, or damaged. */
  | { readonly type: "VaultMalformed" }
  /** It asks for more work or memory than any honest vault, or for too little. */
  | { readonly type: "VaultCostRefused" }

/** A slot before the master key is sealed into it. */
export type SlotHead =
  | { readonly type: "Passphrase"; readonly salt: Uint8Array; readonly cost: PassphraseCost }
  | { readonly type: "KeyFile" }

/** `version | kind | parameters`: bound to the sealed key, so that no cost can be altered. */
export const slotAssociated = (head: SlotHead): Uint8Array => {
  const writer = new ByteWriter().u8(version).u8(kinds[head.type])
  if (head.type === "Passphrase")
    writer.bytes(head.salt).u32(head.cost.memoryKib).u32(head.cost.iterations).u8(head.cost.parallelism)
  return writer.done()
}

export const encodeSlots = (slots: readonly Slot[]): Uint8Array => {
  if (slots.length < 1 || slots.length > maxSlots) throw new RangeError("a vault has 1 to 8 slots")
  const writer = new ByteWriter().u8(version).u8(slots.length)
  for (const slot of slots) writer.bytes(slotAssociated(slot).subarray(1)).bytes(slot.sealed)
  return writer.done()
}

/** Parses bytes from disk; costs are bounded here, before anything runs with them. */
export const parseVault = (bytes: Uint8Array): Result<VaultLayout, VaultParseError> => {
  const reader = new ByteReader(bytes)
  if (reader.u8() !== version) reader.fail()
  const count = reader.u8()
  if (count < 1 || count > maxSlots) reader.fail()
  const slots: Slot[] = []
  for (let i = 0; i < count && !reader.failed; i++) {
    const kind = reader.u8()
    if (kind === kinds.Passphrase) {
      const salt = reader.bytes(saltBytes)
      const cost = { memoryKib: reader.u32(), iterations: reader.u32(), parallelism: reader.u8() }
      slots.push({ type: "Passphrase", salt, cost, sealed: reader.bytes(sealedKeyBytes) })
    } else if (kind === kinds.KeyFile) slots.push({ type: "KeyFile", sealed: reader.bytes(sealedKeyBytes) })
    else reader.fail()
  }
  const authenticated = bytes.subarray(0, reader.offset)
  const mac = reader.bytes(macBytes)
  if (!reader.end()) return err({ type: "VaultMalformed" })
  for (const slot of slots)
    if (slot.type === "Passphrase" && !isCostAllowed(slot.cost)) return err({ type: "VaultCostRefused" })
  return ok({ slots, authenticated, mac })
}
