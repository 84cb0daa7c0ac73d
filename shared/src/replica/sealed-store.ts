import type { Key, Result, Store, StoreChange } from "../base/index.js"

/** How a device's disk is sealed; crypto/ implements it with the storage key. */
export interface StorageSeal {
  /** The key as the disk sees it: each component a keyed hash below its hidden parent, so that prefixes stay prefixes. */
  hide(key: Key): Key
  /** Seals for the place `hide(key)`; the key itself stands inside. */
  seal(key: Key, value: Uint8Array): Uint8Array
  /** An error: another profile's, another place's, or altered. */
  open(
    hidden: Key,
    sealed: Uint8Array,
  ): Result<{ readonly key: Key; readonly value: Uint8Array }, { readonly type: string }>
}

/** A value on disk does not open at its place: damage or tampering. Thrown by `get` and `list`. */
export class SealedValueDamaged extends Error {
  readonly type = "SealedValueDamaged"
  constructor(readonly hidden: Key) {
    super("a sealed value does not open")
  }
}

/**
 * A store whose disk shows neither names nor values. What remains visible: how many values there are, their
 * sizes, and the shape of the tree. An older version of one value put back by someone who writes to the disk
 * opens again: against that stand the archive and the peers.
 */
export const createSealedStore = (store: Store, seal: StorageSeal): Store => {
  const open = (hidden: Key, sealed: Uint8Array): { readonly key: Key; readonly value: Uint8Array } => {
    const opened = seal.open(hidden, sealed)
    if (!opened.ok) throw new SealedValueDamaged(hidden)
    return opened.value
  }
  const sealChange = (change: StoreChange): StoreChange => {
    if (change.type === "RemovePrefix") return { type: "RemovePrefix", prefix: seal.hide(change.prefix) }
    const key = seal.hide(change.key)
    return change.type === "Remove"
      ? { type: "Remove", key }
      : { type: "Put", key, value: seal.seal(change.key, change.value) }
  }

  return {
    get: async key => {
      const hidden = seal.hide(key)
      const sealed = await store.get(hidden)
      return sealed && open(hidden, sealed).value
    },
    list: async prefix => (await store.list(seal.hide(prefix))).map(({ key, value }) => open(key, value)),
    write: async changes => store.write(changes.map(sealChange)),
    close: () => store.close(),
  }
}
