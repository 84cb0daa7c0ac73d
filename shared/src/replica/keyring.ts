import {
  type CircleId,
  type EpochId,
  ByteReader,
  ByteWriter,
  bytesToHex,
  equalBytes,
  hexToBytes,
} from "../base/index.js"
import type { Circle, GroupState, KeyWrap, Rekey } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import type { DeviceIdentity } from "./identity.js"

/** A key that opens bundles: of one epoch, of several heads combined, or (`circle` undefined) the log key. */
export interface SealingKey {
  readonly circle: CircleId | undefined
  readonly key: Uint8Array
  /** Hex of 8 bytes, as in the bundle header. */
  readonly tag: string
}

interface Combined {
  readonly id: EpochId
  readonly key: Uint8Array
  readonly past: ReadonlySet<EpochId>
}

/** More heads than these are not combined: a family of six that rekeys all at once. */
const combinedEpochs = 6
/** Sets kept of a circle: single epochs and combinations, far above what a partition brings. */
const combinedSets = 4_096

/** 32 zeros: the key of bundles that hide nothing. */
export const openKey = new Uint8Array(32)

/** What a wrap is bound to: the epoch's commitment, so it cannot pass for another key. */
export const wrapContext = (epoch: EpochId): Uint8Array => new ByteWriter().hex(epoch).done()

/**
 * The keys that a device holds. It learns from rekey operations (void ones too: such an epoch still opens,
 * but never seals) and forgets nothing: one wrap of the newest epoch opens all of the history.
 */
export class Keyring {
  readonly #byTag = new Map<string, SealingKey>()
  readonly #keyByEpoch = new Map<EpochId, { readonly circle: CircleId; readonly key: Uint8Array }>()
  /** Per circle, sets of epochs that we hold the keys of, and of which none comes after another. */
  readonly #sideBySide = new Map<CircleId, (readonly Combined[])[]>()
  readonly #combined = new Set<EpochId>()
  /** The circle whose rekey made an epoch, from the operations seen: nobody can claim it for another one later. */
  readonly #circleByEpoch = new Map<EpochId, CircleId>()
  readonly log: SealingKey
  /** No secret: bundles that everybody may open, such as the recovery note. */
  readonly open: SealingKey

  constructor(
    private readonly sealer: Sealer,
    private readonly identity: DeviceIdentity | undefined,
    logKey: Uint8Array,
  ) {
    this.log = this.#named(undefined, logKey)
    this.open = this.#named(undefined, openKey)
    this.#byTag.set(this.log.tag, this.log)
    this.#byTag.set(this.open.tag, this.open)
  }

  keyOf(tag: string): SealingKey | undefined {
    return this.#byTag.get(tag)
  }

  epochKey(epoch: EpochId): Uint8Array | undefined {
    return this.#keyByEpoch.get(epoch)?.key
  }

  tags(): readonly string[] {
    return [...this.#byTag.keys()]
  }

  /**
   * Takes in a key that this device was handed, for the circle that it belongs to. Who writes a rekey chooses the
   * keys that it carries: with the log key or another circle's among them he must not change what those open.
   */
  add(key: Uint8Array): void {
    const epoch = bytesToHex(this.sealer.commitment(key)) as EpochId
    const circle = this.#circleByEpoch.get(epoch)
    const named = this.#named(circle, key)
    if (circle === undefined || this.#byTag.has(named.tag)) return
    this.#keyByEpoch.set(epoch, { circle, key })
    this.#byTag.set(named.tag, named)
  }

  /**
   * Opens what the wraps of an operation hold for this device. A key that does not match the epoch's commitment
   * is not taken: its author lies. True when something new was learned.
   */
  learn(
    rekeys: readonly Rekey[],
    wraps: readonly KeyWrap[],
    rekeyOf: (epoch: EpochId) => Rekey | undefined,
  ): boolean {
    for (const { epoch, circle } of rekeys) {
      if (!this.#circleByEpoch.has(epoch)) this.#circleByEpoch.set(epoch, circle)
    }
    if (this.identity === undefined) return false
    const before = this.#keyByEpoch.size
    for (const wrap of [...rekeys.flatMap(rekey => rekey.wraps), ...wraps]) {
      if (wrap.to !== this.identity.id || this.#keyByEpoch.has(wrap.epoch)) continue
      this.#unwrap(this.identity.secrets.wrap, wrap, rekeyOf(wrap.epoch))
    }
    return this.#keyByEpoch.size > before
  }

  /** The same with the recovery secret: what a device that has only the phrase begins with. */
  recover(wrapSecret: Uint8Array, rekey: Rekey): void {
    for (const wrap of rekey.wraps) if (wrap.to === "recovery") this.#unwrap(wrapSecret, wrap, rekey)
  }

  /** Opens the earlier keys that a rekey carries, once its own key is known. */
  openEarlier(rekey: Rekey): void {
    const own = this.#keyByEpoch.get(rekey.epoch)
    if (own === undefined) return
    const plain = this.sealer.openUnder("earlier keys", own.key, wrapContext(rekey.epoch), rekey.earlier)
    if (plain === undefined) return
    const reader = new ByteReader(plain)
    for (const key of reader.list(0xffff, list => list.bytes(32))) {
      if (key.length === 32) this.add(key.slice())
    }
  }

  /** All keys of a circle, sealed under its new one: what `Rekey.earlier` holds. */
  sealEarlier(circle: CircleId, newKey: Uint8Array): Uint8Array {
    const epoch = bytesToHex(this.sealer.commitment(newKey)) as EpochId
    const keys: Uint8Array[] = []
    for (const entry of this.#keyByEpoch.values()) {
      if (entry.circle === circle && !equalBytes(entry.key, newKey)) keys.push(entry.key)
    }
    const plain = new ByteWriter().list(keys, (list, key) => list.bytes(key)).done()
    return this.sealer.sealUnder("earlier keys", newKey, wrapContext(epoch), plain)
  }

  /**
   * The key that new bundles of a circle are sealed under: of its one live head, or over all of several.
   * `undefined`: a head's key is not here yet.
   */
  sealingKey(state: GroupState, circle: CircleId): SealingKey | undefined {
    const heads = state.circles.get(circle)?.heads ?? []
    const keys: Uint8Array[] = []
    for (const head of heads) {
      const key = this.epochKey(head)
      if (key === undefined) return undefined
      keys.push(key)
    }
    const [only] = keys
    if (only === undefined) return undefined
    if (keys.length === 1) return this.#named(circle, only)
    return this.#named(circle, this.sealer.combineKeys(keys))
  }

  /**
   * Registers the combinations that writers may have sealed under: every set of two to six epochs of which none
   * replaces another may have been the heads that some writer knew, whatever ever stood together here. Epochs whose
   * keys come later are combined then.
   */
  registerCombined(state: GroupState): void {
    for (const circle of state.circles.values()) {
      for (const { id } of circle.epochs.values()) if (!this.#combined.has(id)) this.#combine(circle, id)
    }
  }

  #combine(circle: Circle, id: EpochId): void {
    const key = this.epochKey(id)
    if (key === undefined) return
    this.#combined.add(id)
    const added: Combined = { id, key, past: pastOf(circle, id) }
    const sets = this.#sideBySide.get(circle.id) ?? [[]]
    this.#sideBySide.set(circle.id, sets)
    const isBeside = (other: Combined): boolean => !added.past.has(other.id) && !other.past.has(id)
    for (const set of sets.filter(set => set.length < combinedEpochs && set.every(isBeside))) {
      if (set.length > 0 && sets.length >= combinedSets) return
      const grown = [...set, added]
      sets.push(grown)
      if (grown.length < 2) continue
      const named = this.#named(circle.id, this.sealer.combineKeys(grown.map(one => one.key)))
      this.#byTag.set(named.tag, named)
    }
  }

  #unwrap(secret: Uint8Array, wrap: KeyWrap, rekey: Rekey | undefined): void {
    const key = this.sealer.unwrapKey(secret, wrapContext(wrap.epoch), wrap.sealed)
    const commitment = hexToBytes(wrap.epoch)
    if (key === undefined || commitment === undefined) return
    if (!equalBytes(this.sealer.commitment(key), commitment)) return
    this.add(key)
    if (rekey !== undefined) this.openEarlier(rekey)
  }

  #named(circle: CircleId | undefined, key: Uint8Array): SealingKey {
    return { circle, key, tag: bytesToHex(this.sealer.epochTag(key)) }
  }
}

/** The epochs that this one takes the place of, directly or by way of others. */
const pastOf = (circle: Circle, id: EpochId): ReadonlySet<EpochId> => {
  const past = new Set<EpochId>()
  const waiting = [...(circle.epochs.get(id)?.rekey.replaces ?? [])]
  for (let earlier = waiting.pop(); earlier !== undefined; earlier = waiting.pop()) {
    if (past.has(earlier)) continue
    past.add(earlier)
    waiting.push(...(circle.epochs.get(earlier)?.rekey.replaces ?? []))
  }
  return past
}
