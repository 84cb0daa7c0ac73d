import { type Random, type Result, concatBytes, err, ok } from "@home/shared/base"
import { type PassphraseCost, defaultCost, stretchPassphrase } from "./argon2.js"
import { domains } from "./domain.js"
import { checkKey, deriveKey, keyBytes } from "./key.js"
import { noble } from "./noble/all.js"
import type { Primitives } from "./primitives.js"
import { openUnder, sealUnder } from "./seal-under.js"
import {
  type Slot,
  type SlotHead,
  type VaultLayout,
  type VaultParseError,
  encodeSlots,
  parseVault,
  saltBytes,
  slotAssociated,
} from "./vault-layout.js"

/** What opens a vault. A key file holds 32 random bytes: for servers, which never prompt. */
export type Unlock =
  | { readonly type: "Passphrase"; readonly passphrase: string }
  | { readonly type: "KeyFile"; readonly key: Uint8Array }

export type VaultError =
  | VaultParseError
  /** The vault has no slot of this kind: ask for the other one. */
  | { readonly type: "NoSuchSlot" }
  | { readonly type: "WrongPassphrase" }
  | { readonly type: "WrongKeyFile" }
  /** The secret fits a slot, but something else in the file was changed: restore it from a copy. */
  | { readonly type: "VaultAltered" }

export interface VaultDeps {
  readonly random: Random
  readonly primitives?: Primitives
  /** Default: 64 MiB, t = 3. */
  readonly cost?: PassphraseCost
}

const slotDomain = { Passphrase: domains.vaultPassphrase, KeyFile: domains.vaultKeyFile } as const

const slotKey = async (unlock: Unlock, head: SlotHead): Promise<Uint8Array | undefined> => {
  if (unlock.type === "KeyFile") return head.type === "KeyFile" ? checkKey(unlock.key) : undefined
  if (head.type !== "Passphrase" || unlock.passphrase === "") return undefined
  return stretchPassphrase(unlock.passphrase, head.salt, head.cost)
}

const sealSlot = async (deps: VaultDeps, unlock: Unlock, masterKey: Uint8Array): Promise<Slot> => {
  const { random, primitives = noble, cost = defaultCost } = deps
  const head: SlotHead =
    unlock.type === "KeyFile"
      ? { type: "KeyFile" }
      : { type: "Passphrase", salt: random.bytes(saltBytes), cost }
  const key = await slotKey(unlock, head)
  if (key === undefined) throw new RangeError("an empty passphrase protects nothing")
  const associated = slotAssociated(head)
  const sealed = sealUnder({ primitives, random }, slotDomain[head.type], key, associated, masterKey)
  return { ...head, sealed }
}

const macOf = (primitives: Primitives, masterKey: Uint8Array, authenticated: Uint8Array): Uint8Array =>
  primitives.hmacSha256(deriveKey(primitives, masterKey, domains.vaultMac), authenticated)

const encodeVault = (primitives: Primitives, masterKey: Uint8Array, slots: readonly Slot[]): Uint8Array => {
  const authenticated = encodeSlots(slots)
  return concatBytes(authenticated, macOf(primitives, masterKey, authenticated))
}

/**
 * A new master key (32 random bytes) and the file that holds it, wrapped once for each way to open it. An empty
 * passphrase is refused by throwing: ask again before calling.
 */
export const createVault = async (
  deps: VaultDeps,
  unlocks: readonly [Unlock, ...Unlock[]],
): Promise<{ readonly vault: Uint8Array; readonly masterKey: Uint8Array }> => {
  const { random, primitives = noble } = deps
  const masterKey = random.bytes(keyBytes)
  const slots: Slot[] = []
  for (const unlock of unlocks) slots.push(await sealSlot(deps, unlock, masterKey))
  return { vault: encodeVault(primitives, masterKey, slots), masterKey }
}

/** Equal without telling by its time where two secrets part. */
const equalSecrets = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

const openLayout = async (
  primitives: Primitives,
  layout: VaultLayout,
  unlock: Unlock,
): Promise<Result<Uint8Array, VaultError>> => {
  const slots = layout.slots.filter(slot => slot.type === unlock.type)
  if (slots.length === 0) return err({ type: "NoSuchSlot" })
  for (const slot of slots) {
    const key = await slotKey(unlock, slot)
    if (key === undefined) continue
    const masterKey = openUnder(primitives, slotDomain[slot.type], key, slotAssociated(slot), slot.sealed)
    if (masterKey === undefined) continue
    const intact = equalSecrets(macOf(primitives, masterKey, layout.authenticated), layout.mac)
    return intact ? ok(masterKey) : err({ type: "VaultAltered" })
  }
  return err({ type: unlock.type === "Passphrase" ? "WrongPassphrase" : "WrongKeyFile" })
}

/** The master key. Costs are bounded before any work is done; the work itself takes about half a second. */
export const openVault = async (
  vault: Uint8Array,
  unlock: Unlock,
  primitives: Primitives = noble,
): Promise<Result<Uint8Array, VaultError>> => {
  const layout = parseVault(vault)
  return layout.ok ? openLayout(primitives, layout.value, unlock) : layout
}

/**
 * The vault with the slot that `current` opens replaced by one for each of `next` (changing a passphrase), the
 * other slots and the master key as they were. Adding a slot: name the current one again in `next`.
 */
export const rewrapVault = async (
  deps: VaultDeps,
  vault: Uint8Array,
  current: Unlock,
  next: readonly [Unlock, ...Unlock[]],
): Promise<Result<Uint8Array, VaultError>> => {
  const { primitives = noble } = deps
  const layout = parseVault(vault)
  if (!layout.ok) return layout
  const masterKey = await openLayout(primitives, layout.value, current)
  if (!masterKey.ok) return masterKey
  const kept = layout.value.slots.filter(slot => slot.type !== current.type)
  for (const unlock of next) kept.push(await sealSlot(deps, unlock, masterKey.value))
  return ok(encodeVault(primitives, masterKey.value, kept))
}
