import { closeSync, openSync, readFileSync, readSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"

/** Strings of at least so many bytes count: shorter ones occur anywhere by chance. */
const canaryBytes = 8
/** A long body is searched by its pieces: a process may hold any part of it. */
const pieceCharacters = 24

/** Every text of a value, cut into pieces that are searched for one by one. */
export const canariesOf = (value: unknown): ReadonlySet<string> => {
  const found = new Set<string>()
  const add = (text: string): void => {
    for (let at = 0; at < text.length; at += pieceCharacters) {
      const piece = text.slice(at, at + pieceCharacters).trim()
      // Dates, numbers, ids and plain keywords are no secrets of the family; they occur in any program.
      if (Buffer.byteLength(piece) >= canaryBytes && !/^[0-9a-f:.\-/+TZ ]*$/i.test(piece)) found.add(piece)
    }
  }
  const visit = (inner: unknown): void => {
    if (typeof inner === "string") add(inner)
    else if (Array.isArray(inner)) inner.forEach(visit)
    else if (inner !== null && typeof inner === "object") Object.values(inner).forEach(visit)
  }
  visit(value)
  return found
}

export interface Finding {
  readonly place: string
  readonly canary: string
}

/** Canaries as bytes, found by their first four bytes: UTF-8 as on disk and wire, UTF-16 as engines keep strings. */
interface Needles {
  /** 2^16 flags over a hash of four bytes: most positions are passed over by one look. */
  readonly filter: Uint8Array
  readonly byFirstBytes: ReadonlyMap<number, readonly { readonly form: Buffer; readonly canary: string }[]>
}

const flagOf = (word: number): number => Math.imul(word, 0x9e3779b1) >>> 16

export const needlesOf = (canaries: ReadonlySet<string>): Needles => {
  const filter = new Uint8Array(1 << 16)
  const byFirstBytes = new Map<number, { form: Buffer; canary: string }[]>()
  for (const canary of canaries) {
    for (const form of [Buffer.from(canary, "utf8"), Buffer.from(canary, "utf16le")]) {
      const word = form.readUInt32LE(0)
      filter[flagOf(word)] = 1
      byFirstBytes.set(word, [...(byFirstBytes.get(word) ?? []), { form, canary }])
    }
  }
  return { filter, byFirstBytes }
}

/** Looks for all canaries in one pass; `place` names the bytes in the findings. */
export const searchBytes = (needles: Needles, bytes: Buffer, place: string): readonly Finding[] => {
  const found = new Set<string>()
  let word = 0
  for (let i = 0; i < bytes.length; i++) {
    word = (word >>> 8) | ((bytes[i] ?? 0) << 24)
    if (i < 3 || needles.filter[flagOf(word)] === 0) continue
    for (const { form, canary } of needles.byFirstBytes.get(word >>> 0) ?? []) {
      if (bytes.subarray(i - 3, i - 3 + form.length).equals(form)) found.add(canary)
    }
  }
  return [...found].map(canary => ({ place, canary }))
}

export const searchFolder = (needles: Needles, folder: string): readonly Finding[] =>
  readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return searchFolder(needles, path)
    return [
      ...searchBytes(needles, readFileSync(path), path),
      ...searchBytes(needles, Buffer.from(name), "a file name"),
    ]
  })

const regionLimitBytes = 1 << 30

/**
 * Looks through the writable memory of a process, region by region. `undefined` where /proc/PID/mem cannot be
 * read: the caller reports it as skipped.
 */
export const searchMemory = (needles: Needles, pid: number): readonly Finding[] | undefined => {
  let maps: string
  let memory: number
  try {
    maps = readFileSync(`/proc/${pid}/maps`, "utf8")
    memory = openSync(`/proc/${pid}/mem`, "r")
  } catch {
    return undefined
  }
  const findings: Finding[] = []
  let readBytes = 0
  for (const line of maps.split("\n")) {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? []
    if (from === undefined || to === undefined) continue
    const start = Number.parseInt(from, 16)
    const length = Number.parseInt(to, 16) - start
    if (length > regionLimitBytes) continue
    const region = Buffer.alloc(length)
    try {
      const got = readSync(memory, region, 0, length, start)
      readBytes += got
      findings.push(...searchBytes(needles, region.subarray(0, got), `memory of ${pid}`))
    } catch {
      // A region may vanish or be unreadable (guard pages): the rest is looked at all the same.
    }
  }
  closeSync(memory)
  return readBytes === 0 ? undefined : findings
}

/** Resident memory in bytes; `undefined` where /proc is not to be had. */
export const residentBytes = (pid: number): number | undefined => {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}
