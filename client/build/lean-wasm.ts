import { readFileSync } from "node:fs"
import { basename } from "node:path"
import type { Plugin } from "vite"

const headerBytes = 8
const customSection = 0
const query = "?url"

/** An unsigned LEB128 of at most 32 bits (WebAssembly core 2.0, section 5.2.2): its value, and where it ends. */
const readU32 = (bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } => {
  let value = 0
  for (let at = start, shift = 0; at < bytes.length && shift < 35; at += 1, shift += 7) {
    const byte = bytes[at] ?? 0
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return { value, end: at + 1 }
  }
  throw new Error(`lean-wasm: no number at byte ${start}`)
}

/**
 * The sections of a module: `magic "\0asm" | version u32 LE`, then `id u8 | size u32 LEB128 | content` until the end
 * (section 5.5.2).
 */
export const sectionsOf = (
  module: Uint8Array,
): readonly { readonly id: number; readonly bytes: Uint8Array }[] => {
  if (String.fromCharCode(...module.subarray(0, 4)) !== "\0asm") throw new Error("lean-wasm: not a module")
  const sections: { readonly id: number; readonly bytes: Uint8Array }[] = []
  for (let at = headerBytes; at < module.length;) {
    const { value, end } = readU32(module, at + 1)
    if (end + value > module.length) throw new Error(`lean-wasm: a section beyond the end, at byte ${at}`)
    sections.push({ id: module[at] ?? 0, bytes: module.subarray(at, end + value) })
    at = end + value
  }
  return sections
}

/**
 * A module without its custom sections: names of functions for a debugger and notes of the compiler, which what it does
 * does not depend on (section 5.5.3). A fifth of Automerge's module.
 */
export const withoutNotes = (module: Uint8Array): Uint8Array =>
  Buffer.concat([
    module.subarray(0, headerBytes),
    ...sectionsOf(module)
      .filter(({ id }) => id !== customSection)
      .map(({ bytes }) => bytes),
  ])

/** Every `import url from "...wasm?url"` gives a module that says nothing to a debugger. In pages and in workers. */
export const leanWasm = (): Plugin => ({
  name: "home:lean-wasm",
  apply: "build",
  enforce: "pre",
  load(id) {
    if (!id.endsWith(`.wasm${query}`)) return undefined
    const path = id.slice(0, -query.length)
    const source = withoutNotes(readFileSync(path))
    const file = this.emitFile({ type: "asset", name: basename(path), source })
    return `export default import.meta.ROLLUP_FILE_URL_${file}`
  },
})
