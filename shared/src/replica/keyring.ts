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
import { Combinations, type KeptCombinations, combinedEpochs } from "./combinations.js"
import type { DeviceIdentity } from "./identity.js"

/** A key that opens bundles: of one epoch, of several heads combined, or (`circle` undefined) the log key. */
export interface SealingKey {
  readonly circle: CircleId | undefined
  readonly key: Uint8Array
  /** Hex of 8 bytes, as in the bundle header. */
  readonly tag: string
}

/** All that a keyring has learned, to be kept in the device's sealed store: keys as they are. */
export interface KeptKeys {
  readonly byTag: ReadonlyMap<string, SealingKey>
  readonly keyByEpoch: ReadonlyMap<EpochId, { readonly circle: CircleId; readonly key: Uint8Array }>
  readonly rekeys: ReadonlyMap<EpochId, readonly Rekey[]>
  readonly carried: ReadonlyMap<EpochId, readonly EpochId[]>
  readonly uncombined: ReadonlyMap<CircleId, ReadonlySet<EpochId>>
  readonly combinations: KeptCombinations
}

const noEpochs: readonly EpochId[] = []

/** 32 zeros: the key of bundles that hide nothing. */
export const openKey = new Uint8Array(32)

/**
 * So many earlier keys a rekey carries at most, besides those that it replaces: of the newest those that these do not
 * open. As a rule there are none: each carries those before it, and all of them would make the log as many times longer.
 */
export const carriedKeys = 64

/** What a wrap is bound to: the epoch's commitment, so it cannot pass for another key. */
export const wrapContext = (epoch: EpochId): Uint8Array => new ByteWriter().hex(epoch).done()

/**
 * The keys that a device holds. It learns from rekey operations (void ones too: such an epoch still opens,
 * but never seals) and forgets nothing: one wrap of the newest epoch opens all of the history.
 */
export class Keyring {
  readonly #byTag = new Map<string, SealingKey>()
  readonly #keyByEpoch = new Map<EpochId, { readonly circle: CircleId; readonly key: Uint8Array }>()
  readonly #epochByKey = new Map<string, EpochId>()
  readonly #combinations = new Combinations()
  /** Keys that came, by circle, and were not combined with those beside them. */
  readonly #uncombined = new Map<CircleId, Set<EpochId>>()
  /**
   * The rekeys seen that name an epoch. It belongs to the first one's circle: nobody can claim it for another one
   * later, nor hide what it carries by naming it again.
   */
  readonly #rekeys = new Map<EpochId, readonly Rekey[]>()
  /** The epochs whose keys the rekeys of one carry, as far as they were opened. */
  readonly #carried = new Map<EpochId, readonly EpochId[]>()
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

  kept(): KeptKeys {
    return {
      byTag: this.#byTag,
      keyByEpoch: this.#keyByEpoch,
      rekeys: this.#rekeys,
      carried: this.#carried,
      uncombined: this.#uncombined,
      combinations: this.#combinations.kept(),
    }
  }

  /** Of a new keyring; `state`: of the operations that it was learned from. */
  resume(kept: KeptKeys, state: GroupState): void {
    for (const [tag, key] of kept.byTag) this.#byTag.set(tag, key)
    for (const [epoch, key] of kept.keyByEpoch) this.#keyByEpoch.set(epoch, key)
    for (const [epoch, rekeys] of kept.rekeys) this.#rekeys.set(epoch, rekeys)
    for (const [epoch, carried] of kept.carried) this.#carried.set(epoch, carried)
    for (const [circle, epochs] of kept.uncombined) this.#uncombined.set(circle, new Set(epochs))
    this.#combinations.resume(kept.combinations, state.circles, id => this.epochKey(id))
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
   * Takes in a key that this device was handed, for the circle that it belongs to, and every earlier key that its
   * rekey carries. Who writes a rekey chooses the keys that it carries: with the log key or another circle's among
   * them he must not change what those open.
   */
  add(key: Uint8Array): void {
    const waiting = [key]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const epoch = this.#take(next)
      if (epoch !== undefined) waiting.push(...this.#openEarlier(epoch))
    }
  }

  /**
   * Opens what the wraps of an operation hold for this device. A key that does not match the epoch's commitment
   * is not taken: its author lies.
   */
  learn(rekeys: readonly Rekey[], wraps: readonly KeyWrap[]): void {
    for (const rekey of rekeys) this.#see(rekey)
    if (this.identity === undefined) return
    // The newest opens those before it: of a whole log the first wraps are hardly ever opened.
    for (const wrap of [...rekeys.flatMap(rekey => rekey.wraps), ...wraps].reverse()) {
      if (wrap.to !== this.identity.id || this.#keyByEpoch.has(wrap.epoch)) continue
      this.#unwrap(this.identity.secrets.wrap, wrap)
    }
  }

  /** The same with the recovery secret: what a device that has only the phrase begins with. */
  recover(wrapSecret: Uint8Array, rekey: Rekey): void {
    for (const wrap of rekey.wraps) if (wrap.to === "recovery") this.#unwrap(wrapSecret, wrap)
  }

  /** These epochs and every one whose key follows from theirs, as far as this device can tell. */
  openedBy(epochs: Iterable<EpochId>): ReadonlySet<EpochId> {
    const opened = new Set<EpochId>()
    const waiting = [...epochs]
    for (let epoch = waiting.pop(); epoch !== undefined; epoch = waiting.pop()) {
      if (opened.has(epoch)) continue
      opened.add(epoch)
      waiting.push(...(this.#carried.get(epoch) ?? noEpochs))
    }
    return opened
  }

  /**
   * The keys of the epochs that a rekey replaces, and of the newest of the circle those that these do not open, sealed
   * under its own: what `Rekey.earlier` holds.
   */
  sealEarlier(circle: CircleId, newKey: Uint8Array, replaces: readonly EpochId[]): Uint8Array {
    const epoch = bytesToHex(this.sealer.commitment(newKey)) as EpochId
    const held = [...this.#rekeys.keys()].filter(id => this.#keyByEpoch.get(id)?.circle === circle)
    const carried = new Set(replaces)
    const opened = new Set(this.openedBy(replaces.filter(id => this.epochKey(id) !== undefined)))
    for (const id of held.slice(-carriedKeys).reverse()) {
      if (opened.has(id)) continue
      carried.add(id)
      for (const each of this.openedBy([id])) opened.add(each)
    }
    carried.delete(epoch)
    const keys = [...carried].flatMap(id => this.epochKey(id) ?? [])
    const plain = new ByteWriter().list(keys, (list, key) => list.bytes(key)).done()
    return this.sealer.sealUnder("earlier keys", newKey, wrapContext(epoch), plain)
  }

  /**
   * The key that new bundles of a circle are sealed under: of its one live head, or over all of several.
   * `undefined`: a head's key is not here yet, or there are too many heads to combine.
   */
  sealingKey(state: GroupState, circle: CircleId): SealingKey | undefined {
    const heads = state.circles.get(circle)?.heads ?? []
    if (heads.length > combinedEpochs) return undefined
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
   * keys come later are combined then. What opens the heads of now never depends on what there is besides.
   */
  registerCombined(state: GroupState): void {
    for (const circle of state.circles.values()) {
      const sealing = this.sealingKey(state, circle.id)
      if (sealing !== undefined) this.#byTag.set(sealing.tag, sealing)
      const came = this.#uncombined.get(circle.id)
      if (came === undefined) continue
      // One is the rule, and a circle with all its past is long.
      const fresh = came.size === 1 ? [...came] : [...circle.epochs.keys()].filter(id => came.has(id))
      for (const keys of this.#combinations.of(circle, fresh, id => this.epochKey(id))) {
        const named = this.#named(circle.id, this.sealer.combineKeys(keys))
        this.#byTag.set(named.tag, named)
      }
      for (const id of fresh) if (this.#combinations.has(id)) came.delete(id)
      if (came.size === 0) this.#uncombined.delete(circle.id)
    }
  }

  #see(rekey: Rekey): void {
    const known = this.#rekeys.get(rekey.epoch) ?? []
    this.#rekeys.set(rekey.epoch, [...known, rekey])
    // Another rekey that names the same epoch: what it carries is opened as well.
    if (this.#keyByEpoch.has(rekey.epoch)) for (const key of this.#openEarlier(rekey.epoch)) this.add(key)
  }

  #unwrap(secret: Uint8Array, wrap: KeyWrap): void {
    const key = this.sealer.unwrapKey(secret, wrapContext(wrap.epoch), wrap.sealed)
    const commitment = hexToBytes(wrap.epoch)
    if (key === undefined || commitment === undefined) return
    if (equalBytes(this.sealer.commitment(key), commitment)) this.add(key)
  }

  /** The epoch of a key that is new here and opens something of a circle's. */
  #take(key: Uint8Array): EpochId | undefined {
    const epoch = this.#epochOf(key)
    const circle = this.#rekeys.get(epoch)?.[0]?.circle
    if (this.#keyByEpoch.has(epoch)) return undefined
    const named = this.#named(circle, key)
    if (circle === undefined || this.#byTag.has(named.tag)) return undefined
    this.#keyByEpoch.set(epoch, { circle, key })
    this.#byTag.set(named.tag, named)
    this.#uncombined.set(circle, (this.#uncombined.get(circle) ?? new Set<EpochId>()).add(epoch))
    return epoch
  }

  /** The keys that the rekeys of an epoch carry, once its own key is known. */
  #openEarlier(epoch: EpochId): readonly Uint8Array[] {
    const own = this.#keyByEpoch.get(epoch)
    const keys: Uint8Array[] = []
    for (const { earlier } of (own && this.#rekeys.get(epoch)) ?? []) {
      const context = wrapContext(epoch)
      const plain = own && this.sealer.openUnder("earlier keys", own.key, context, earlier)
      if (plain === undefined) continue
      for (const key of new ByteReader(plain).list(0xffff, list => list.bytes(32)))
        if (key.length === 32) keys.push(key.slice())
    }
    this.#carried.set(
      epoch,
      keys.map(key => this.#epochOf(key)),
    )
    return keys
  }

  /** A rekey carries keys that others carry too: each is looked at once. */
  #epochOf(key: Uint8Array): EpochId {
    const name = bytesToHex(key)
    const known = this.#epochByKey.get(name)
    if (known !== undefined) return known
    const epoch = bytesToHex(this.sealer.commitment(key)) as EpochId
    this.#epochByKey.set(name, epoch)
    return epoch
  }

  #named(circle: CircleId | undefined, key: Uint8Array): SealingKey {
    return { circle, key, tag: bytesToHex(this.sealer.epochTag(key)) }
  }
}
