import { type JournalSeal, createJournalSeal } from "@home/crypto/journal"
import type { Random } from "@home/shared/base"
import { fromJournal, toJournal } from "./journal-text.js"
import type { Edit } from "./messages.js"

/** What localStorage is to the journal. */
export type JournalStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">

export type JournalError =
  /** The journal or the disk has no room. */
  | { readonly type: "JournalFull" }
  /** Locked: there is nothing to seal with. */
  | { readonly type: "NotOpen" }

/**
 * Edits that the engine has not yet said to have on disk, sealed, in localStorage: written before `edit` returns,
 * since a tab that is closed runs nothing any more. One for all tabs of a profile.
 */
export interface Journal {
  /** `undefined`: it is written. An edit beyond `entryLimit` is not kept, and `TooLarge` says so. */
  write(edit: Edit): JournalError | "TooLarge" | undefined
  remove(id: string): void
  /** Oldest first. What does not open (another profile's, altered) stays and is passed over. */
  read(): readonly Edit[]
  has(id: string): boolean
  count(): number
  /** `undefined`: locked. */
  unlock(key: Uint8Array | undefined): void
  erase(): void
}

/** Entries of one profile, all tabs together: far above what a person makes while a disk is slow. */
const countLimit = 1_000
/** Characters of one entry: localStorage has about five million for the whole site. */
const entryLimit = 64 * 1024

export const createJournal = (deps: {
  readonly storage: JournalStorage
  readonly random: Random
  readonly profile: string
}): Journal => {
  const { storage, random } = deps
  const prefix = `home/journal/${deps.profile}/`
  let seal: JournalSeal | undefined

  const keys = (): string[] => {
    const found: string[] = []
    for (let i = 0; i < storage.length; i++) {
      const key = storage.key(i)
      if (key?.startsWith(prefix)) found.push(key)
    }
    return found.sort()
  }

  return {
    write: edit => {
      if (seal === undefined) return { type: "NotOpen" }
      const text = toJournal(edit)
      if (text.length > entryLimit) return "TooLarge"
      if (keys().length >= countLimit) return { type: "JournalFull" }
      const key = prefix + edit.id
      try {
        storage.setItem(key, seal.seal(key, text))
        return undefined
      } catch {
        return { type: "JournalFull" }
      }
    },
    remove: id => storage.removeItem(prefix + id),
    read: () => {
      const found: Edit[] = []
      for (const key of keys()) {
        const text = seal?.open(key, storage.getItem(key) ?? "")
        const edit = text === undefined ? undefined : fromJournal(text)
        if (edit !== undefined) found.push(edit)
      }
      return found
    },
    has: id => storage.getItem(prefix + id) !== null,
    count: () => keys().length,
    unlock: key => {
      seal = key && createJournalSeal({ key, random })
    },
    erase: () => {
      for (const key of keys()) storage.removeItem(key)
    },
  }
}
