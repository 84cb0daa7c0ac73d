import type { Store } from "@home/shared/base"
import type { Archive } from "@home/shared/replica"
import { type MemoryDisk, createMemoryArchive, createMemoryStore } from "@home/shared/testing"

/** One run of a process. It may end between any two of its writes; nothing it awaits goes on after that. */
export interface Life {
  isOver: boolean
  /** Writes that still reach the disk; the next one ends it. */
  writesLeft: number
  /** Whether the write that it dies of is on the disk. */
  isLastWritten: boolean
  /** Takes back what was written and may not have reached the disk yet. */
  undo: (() => Promise<void>)[]
}

export const newLife = (): Life => ({ isOver: false, writesLeft: Infinity, isLastWritten: false, undo: [] })

const never = <T>(): Promise<T> => new Promise(() => {})

const whileAlive = async <T>(life: Life, run: () => Promise<T>): Promise<T> => {
  if (life.isOver) return never()
  const value = await run()
  return life.isOver ? never() : value
}

const writing = async <T>(life: Life, run: () => Promise<T>): Promise<T> => {
  if (life.isOver) return never()
  if (life.writesLeft > 0) {
    life.writesLeft -= 1
    life.undo = []
    return whileAlive(life, run)
  }
  life.isOver = true
  if (life.isLastWritten) await run()
  else for (const undo of life.undo) await undo()
  return never()
}

export const mortalStore = (disk: MemoryDisk, life: Life): Store => {
  const store = createMemoryStore(disk)
  return {
    get: key => whileAlive(life, () => store.get(key)),
    list: prefix => whileAlive(life, () => store.list(prefix)),
    write: changes => writing(life, () => store.write(changes)),
    close: () => store.close(),
  }
}

export const mortalArchive = (archive: Archive, life: Life): Archive => ({
  identity: archive.identity,
  append: bundles => writing(life, () => archive.append(bundles)),
  appendSoon: bundles =>
    whileAlive(life, async () => {
      const added = await archive.append(bundles)
      life.undo.push(() => archive.remove(added.map(({ hash }) => hash)))
      return added
    }),
  settled: () =>
    life.undo.length === 0 ? whileAlive(life, archive.settled) : writing(life, archive.settled),
  has: hash => whileAlive(life, () => archive.has(hash)),
  get: hash => whileAlive(life, () => archive.get(hash)),
  positions: () => whileAlive(life, () => archive.positions()),
  position: feed => whileAlive(life, () => archive.position(feed)),
  read: (...given) => whileAlive(life, () => archive.read(...given)),
  byTag: (...given) => whileAlive(life, () => archive.byTag(...given)),
  readSince: (...given) => whileAlive(life, () => archive.readSince(...given)),
  forks: () => whileAlive(life, () => archive.forks()),
  latest: () => whileAlive(life, () => archive.latest()),
  count: () => whileAlive(life, () => archive.count()),
  remove: hashes => writing(life, () => archive.remove(hashes)),
  close: () => archive.close(),
})

/** What a device keeps on its disk. */
export interface Profile {
  readonly disk: MemoryDisk
  readonly archive: Archive
}

/** The profile as it is now. `identity`: the copy's archive knows that it was restored. */
export const copyOf = async (profile: Profile, identity = profile.archive.identity): Promise<Profile> => {
  const archive = createMemoryArchive(identity)
  await archive.append((await profile.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles)
  return { disk: new Map(profile.disk), archive }
}
