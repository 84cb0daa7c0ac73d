import { ByteReader, ByteWriter, type Key, bytesToHex, err, ok, textToBytes } from "../base/index.js"
import type { StorageSeal } from "../replica/sealed-store.js"

/**
 * A seal without secrets that behaves like the real one: names are chained (in hex), values are bound to their
 * place and turned over bit by bit, so that a canary in clear shows that something went past the seal.
 */
export const createReadableStorageSeal = (): StorageSeal => {
  const hide = (key: Key): Key =>
    key.map((_, i) => bytesToHex(textToBytes(JSON.stringify(key.slice(0, i + 1)))))
  return {
    hide,
    seal: (key, value) =>
      inverted(
        new ByteWriter()
          .text(hide(key).join("/"))
          .list(key, (writer, part) => writer.text(part))
          .bytes(value)
          .done(),
      ),
    open: (hidden, sealed) => {
      const plaintext = inverted(sealed)
      const reader = new ByteReader(plaintext)
      const place = reader.text(0xffff)
      const key = reader.list(0xffff, inner => inner.text(0xffff))
      if (reader.failed || place !== hidden.join("/")) return err({ type: "StorageAltered" })
      return ok({ key, value: plaintext.slice(reader.offset) })
    },
  }
}

const inverted = (bytes: Uint8Array): Uint8Array => bytes.map(byte => byte ^ 0xff)
