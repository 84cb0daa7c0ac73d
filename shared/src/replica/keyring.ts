import {
  type CircleId,
  type EpochId,
  ByteReader,
  ByteWriter,
  bytesToHex,
  equalBytes,
  hexToBytes,
} from "../base/index.js"
import type { GroupState, KeyWrap, Rekey } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import type { DeviceIdentity } from "./identity.js"

/** A key that opens bundles: of one epoch, of several heads combined, or (`circle` undefined) the log key. */
export interface SealingKey {
  readonly circle: CircleId | undefined
  readonly key: Uint8Array
  /** Hex of 8 bytes, as in the bundle header. */
  readonly tag: string
}

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
  /** Heads that stood side by side at some time, and of how many of them the combinations are registered. */
  readonly #stoodTogether = new Map<
    string,
    { readonly circle: CircleId; readonly heads: readonly EpochId[]; combinedCount: number }
  >()
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

  /** Takes in a key that this device made or was handed. */
  add(circle: CircleId, key: Uint8Array): void {
    const epoch = bytesToHex(this.sealer.commitment(key)) as EpochId
    if (this.#keyByEpoch.has(epoch)) return
    this.#keyByEpoch.set(epoch, { circle, key })
    const named = this.#named(circle, key)
    this.#byTag.set(named.tag, named)
  }

  /**
   * Opens what the wraps of an operation hold for this device. A key that does not match the epoch's commitment
   * is not taken: its author lies. True when something new was learned.
   */
  learn(rekeys: readonly Rekey[], wraps: readonly KeyWrap[], rekeyOf: (epoch: EpochId) => Rekey | undefined): boolean {
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
      if (key.length === 32) this.add(own.circle, key.slice())
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
   * Registers the combinations that writers may use while several heads stand: every set of two or more of
   * them (another writer may know some of the heads only). More than six heads at once are not combined. Heads that
   * stood once are remembered: who joins after they were healed learns their keys later, and reads what was sealed.
   */
  registerCombined(state: GroupState): void {
    for (const { id: circle, heads } of state.circles.values()) {
      const name = heads.join()
      if (heads.length < 2 || heads.length > 6 || this.#stoodTogether.has(name)) continue
      this.#stoodTogether.set(name, { circle, heads, combinedCount: 0 })
    }
    for (const together of this.#stoodTogether.values()) {
      const keys = together.heads.map(head => this.epochKey(head)).filter(key => key !== undefined)
      if (keys.length === together.combinedCount) continue
      together.combinedCount = keys.length
      for (let set = 1; set < 1 << keys.length; set++) {
        const chosen = keys.filter((_, i) => set & (1 << i))
        if (chosen.length < 2) continue
        const named = this.#named(together.circle, this.sealer.combineKeys(chosen))
        this.#byTag.set(named.tag, named)
      }
    }
  }

  #unwrap(secret: Uint8Array, wrap: KeyWrap, rekey: Rekey | undefined): void {
    const key = this.sealer.unwrapKey(secret, wrapContext(wrap.epoch), wrap.sealed)
    const commitment = hexToBytes(wrap.epoch)
    if (key === undefined || commitment === undefined) return
    if (!equalBytes(this.sealer.commitment(key), commitment)) return
    this.add(wrap.circle, key)
    if (rekey !== undefined) this.openEarlier(rekey)
  }

  #named(circle: CircleId | undefined, key: Uint8Array): SealingKey {
    return { circle, key, tag: bytesToHex(this.sealer.epochTag(key)) }
  }
}
