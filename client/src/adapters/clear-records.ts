import { requested, reading, writing } from "./idb.js"
import { clearStore } from "./profile-database.js"

/** AES-256-GCM under a key that the browser keeps and never shows. Lives in IndexedDB or in a tab's memory. */
export interface HiddenWrap {
  readonly key: CryptoKey
  readonly iv: Uint8Array<ArrayBuffer>
  readonly wrapped: Uint8Array<ArrayBuffer>
}

/** The master key under a passkey's secret. */
export interface PasskeyWrap {
  readonly credentialId: Uint8Array
  readonly salt: Uint8Array
  readonly sealed: Uint8Array
}

/** What lies beside the sealed store because it is needed before the store can be opened. */
export interface ClearRecords {
  readonly vault: Uint8Array
  readonly deviceLock: HiddenWrap
  readonly passkeys: readonly PasskeyWrap[]
  readonly installation: CryptoKey
  readonly autoLockMinutes: number
  /** A family has removed this device, and what it kept was erased. */
  readonly wasRemoved: boolean
}

export interface ClearStore {
  get<K extends keyof ClearRecords>(name: K): Promise<ClearRecords[K] | undefined>
  put<K extends keyof ClearRecords>(name: K, value: ClearRecords[K]): Promise<void>
  remove(name: keyof ClearRecords): Promise<void>
}

export const createClearStore = (database: IDBDatabase): ClearStore => ({
  get: <K extends keyof ClearRecords>(name: K) =>
    reading(
      database,
      [clearStore],
      async transaction =>
        (await requested(transaction.objectStore(clearStore).get(name))) as ClearRecords[K] | undefined,
    ),
  put: (name, value) =>
    writing(database, [clearStore], async transaction => {
      await requested(transaction.objectStore(clearStore).put(value, name))
    }),
  remove: name =>
    writing(database, [clearStore], async transaction => {
      await requested(transaction.objectStore(clearStore).delete(name))
    }),
})

const cipher = (iv: Uint8Array<ArrayBuffer>): AesGcmParams => ({ name: "AES-GCM", iv })

export const wrapHidden = async (secret: Uint8Array): Promise<HiddenWrap> => {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const wrapped = await crypto.subtle.encrypt(cipher(iv), key, secret.slice())
  return { key, iv, wrapped: new Uint8Array(wrapped) }
}

/** `undefined`: altered, or under another key. */
export const unwrapHidden = async ({ key, iv, wrapped }: HiddenWrap): Promise<Uint8Array | undefined> => {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(cipher(iv), key, wrapped))
  } catch {
    return undefined
  }
}
