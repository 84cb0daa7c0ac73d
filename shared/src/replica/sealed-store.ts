import { ByteReader, ByteWriter, type Key, type Store, type StoreChange } from "../base/index.js"

/** How a device's disk is sealed; crypto/ implements it with the storage key. */
export interface StorageSeal {
  /** Keyed hash of one component below a hidden parent path (empty at the top): lower-case hex. */
  hide(parent: string, component: string): string
  /** The hidden path is bound as associated data, so that a value cannot stand at another's place. */
  seal(hiddenPath: string, plaintext: Uint8Array): Uint8Array
  /** `undefined`: another key, another place, or altered. */
  open(hiddenPath: string, sealed: Uint8Array): Uint8Array | undefined
}

/** A value on disk does not open at its place: the disk was damaged or tampered with. Thrown by `get` and `list`. */
export class SealedValueDamaged extends Error {
  readonly type = "SealedValueDamaged"
  constructor(readonly hiddenPath: string) {
    super("a sealed value does not open")
  }
}

/**
 * A store whose disk shows neither names nor values. Names are hidden component by component, each below its
 * hidden parent, so that prefixes still work; the real key stands inside the value:
 * `count u16 | (length u16 | component)* | value`.
 * What remains visible: how many values, their sizes, and the shape of the tree. An older version of one value
 * put back by someone who writes to the disk opens again: the archive and the peers know better.
 */
export const createSealedStore = (store: Store, seal: StorageSeal): Store => {
  const hide = (key: Key): readonly string[] => {
    const hidden: string[] = []
    for (const component of key) hidden.push(seal.hide(pathOf(hidden), component))
    return hidden
  }

  const open = (hidden: Key, sealed: Uint8Array): { readonly key: Key; readonly value: Uint8Array } => {
    const path = pathOf(hidden)
    const plaintext = seal.open(path, sealed)
    if (plaintext === undefined) throw new SealedValueDamaged(path)
    const reader = new ByteReader(plaintext)
    const key = reader.list(maxComponents, inner => inner.text(maxComponentBytes))
    if (reader.failed) throw new SealedValueDamaged(path)
    return { key, value: plaintext.slice(reader.offset) }
  }

  const sealChange = (change: StoreChange): StoreChange => {
    if (change.type === "RemovePrefix") return { type: "RemovePrefix", prefix: hide(change.prefix) }
    const key = hide(change.key)
    if (change.type === "Remove") return { type: "Remove", key }
    const writer = new ByteWriter().list(change.key, (inner, component) => inner.text(component))
    return { type: "Put", key, value: seal.seal(pathOf(key), writer.bytes(change.value).done()) }
  }

  return {
    get: async key => {
      const hidden = hide(key)
      const sealed = await store.get(hidden)
      return sealed && open(hidden, sealed).value
    },
    list: async prefix => (await store.list(hide(prefix))).map(({ key, value }) => open(key, value)),
    write: async changes => store.write(changes.map(sealChange)),
    close: () => store.close(),
  }
}

const maxComponents = 0xffff
const maxComponentBytes = 0xffff
const pathOf = (hidden: Key): string => hidden.join("/")
