import {
  ByteReader,
  ByteWriter,
  type Key,
  type Random,
  type Result,
  bytesToHex,
  concatBytes,
  equalBytes,
  err,
  hexToBytes,
  ok,
  textToBytes,
} from "@home/shared/base"
import { domains } from "./domain.js"
import { checkKey, deriveKey, nonceBytes, tagBytes } from "./key.js"
import { noble } from "./noble/all.js"
import type { Primitives } from "./primitives.js"

export type StorageError = { readonly type: "StorageAltered" }

/** Seals what a device stores: the medium sees neither values nor the names of keys. SPEC.md K50-K53. */
export interface StorageSeal {
  /** A path of 32-digit hex components; a prefix of the key gives the same prefix of the hidden path. */
  hide(key: Key): Key
  /** Seals a value for `hide(key)`; the key itself stands inside, so that a listing gives it back. */
  seal(key: Key, value: Uint8Array): Uint8Array
  /** `StorageAltered`: not written by this profile, moved from another path, or damaged. */
  open(
    hidden: Key,
    sealed: Uint8Array,
  ): Result<{ readonly key: Key; readonly value: Uint8Array }, StorageError>
}

const version = 1
const hiddenBytes = 16
const maxComponents = 64
/** Some hundred bytes each. */
const rememberedPaths = 2_048
const maxComponentBytes = 4096

const writeComponent = (writer: ByteWriter, component: string): void => {
  if (textToBytes(component).length > maxComponentBytes)
    throw new RangeError("a component of a key is too long")
  writer.text(component)
}

/** `deps.masterKey`: from the vault. */
export const createStorageSeal = (deps: {
  readonly masterKey: Uint8Array
  readonly random: Random
  readonly primitives?: Primitives
}): StorageSeal => {
  const { random, primitives = noble } = deps
  const valueKey = deriveKey(primitives, checkKey(deps.masterKey), domains.storage)
  const nameKey = deriveKey(primitives, deps.masterKey, domains.storageNames)

  /** By the path up to the component: almost every key shares its first components with those before it. */
  const hiddenByPath = new Map<string, Uint8Array>()

  /** First 16 bytes of HMAC(name key, the hidden component before it (16 zeros) | component). */
  const hideComponent = (path: string, parent: Uint8Array, component: string): Uint8Array => {
    const known = hiddenByPath.get(path)
    if (known !== undefined) return known
    const mac = primitives.hmacSha256(nameKey, concatBytes(parent, textToBytes(component)))
    const hidden = mac.subarray(0, hiddenBytes)
    if (hiddenByPath.size >= rememberedPaths) hiddenByPath.clear()
    hiddenByPath.set(path, hidden)
    return hidden
  }

  const hideBytes = (key: Key): Uint8Array => {
    const writer = new ByteWriter(hiddenBytes * key.length)
    let parent: Uint8Array = new Uint8Array(hiddenBytes)
    let path = ""
    for (const component of key) {
      // With its length before it, no two paths are spelled alike.
      path += `${component.length} ${component}`
      parent = hideComponent(path, parent, component)
      writer.bytes(parent)
    }
    return writer.done()
  }

  const associatedOf = (hidden: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(version), hidden)

  return {
    hide: key => {
      const hidden = bytesToHex(hideBytes(key))
      return key.map((_, i) => hidden.slice(2 * hiddenBytes * i, 2 * hiddenBytes * (i + 1)))
    },

    seal: (key, value) => {
      if (key.length > maxComponents) throw new RangeError("a key has at most 64 components")
      const nonce = random.bytes(nonceBytes)
      const plaintext = new ByteWriter().list(key, writeComponent).bytes(value).done()
      const sealed = primitives.xchacha20poly1305.seal(
        valueKey,
        nonce,
        associatedOf(hideBytes(key)),
        plaintext,
      )
      return concatBytes(Uint8Array.of(version), nonce, sealed)
    },

    open: (hidden, sealed) => {
      const path = hexToBytes(hidden.join(""))
      const start = 1 + nonceBytes
      if (path === undefined || sealed.length < start + tagBytes || sealed[0] !== version)
        return err({ type: "StorageAltered" })
      const nonce = sealed.subarray(1, start)
      const plaintext = primitives.xchacha20poly1305.open(
        valueKey,
        nonce,
        associatedOf(path),
        sealed.subarray(start),
      )
      if (plaintext === undefined) return err({ type: "StorageAltered" })
      const reader = new ByteReader(plaintext)
      const key = reader.list(maxComponents, component => component.text(maxComponentBytes))
      const value = reader.bytes(plaintext.length - reader.offset)
      if (!reader.end() || !equalBytes(hideBytes(key), path)) return err({ type: "StorageAltered" })
      return ok({ key, value })
    },
  }
}
