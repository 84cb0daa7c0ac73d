import type { Key, Store, StoreChange } from "@home/shared/base"
import type { CommitQueue } from "./commit-queue.js"
import type { SqliteConnection } from "./database.js"
import { decodeKey, encodeKey, prefixRange } from "./key-encoding.js"

type Row = { readonly key: Uint8Array; readonly value: Uint8Array }

/**
 * The port `Store` over the table `entry`. Reads see what is committed. Rows keep their id when they are
 * overwritten, which is the order that `list` gives. `close` closes the connection of the whole profile.
 */
export const createSqliteStore = (
  connection: SqliteConnection,
  queue: CommitQueue,
  close: () => Promise<void>,
): Store => {
  const select = connection.prepare<[Uint8Array], { value: Uint8Array }>(
    "SELECT value FROM entry WHERE key = ?",
  )
  const selectRange = connection.prepare<[Uint8Array, Uint8Array], Row>(
    "SELECT key, value FROM entry WHERE key >= ? AND key < ? ORDER BY id",
  )
  const upsert = connection.prepare<[Uint8Array, Uint8Array]>(
    "INSERT INTO entry (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  )
  const remove = connection.prepare<[Uint8Array]>("DELETE FROM entry WHERE key = ?")
  const removeRange = connection.prepare<[Uint8Array, Uint8Array]>(
    "DELETE FROM entry WHERE key >= ? AND key < ?",
  )

  const apply = (change: StoreChange): void => {
    if (change.type === "Put") upsert.run(encodeKey(change.key), change.value)
    else if (change.type === "Remove") remove.run(encodeKey(change.key))
    else {
      const { from, below } = prefixRange(change.prefix)
      removeRange.run(from, below)
    }
  }

  return {
    get: async key => {
      const row = select.get(encodeKey(key))
      return row && plainBytes(row.value)
    },
    list: async (prefix: Key) => {
      const { from, below } = prefixRange(prefix)
      return selectRange
        .all(from, below)
        .map(row => ({ key: decodeKey(row.key), value: plainBytes(row.value) }))
    },
    write: async changes => {
      const copies = changes.map(copied)
      await queue.run(() => copies.forEach(apply))
    },
    close,
  }
}

/** The write waits for its turn while the caller's buffer may already be used for something else. */
const copied = (change: StoreChange): StoreChange =>
  change.type === "Put" ? { ...change, value: change.value.slice() } : change

/** better-sqlite3 gives Buffers, whose `slice` and equality differ from those of plain bytes. */
export const plainBytes = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
