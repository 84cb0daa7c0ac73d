import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import type { Patch } from "./workload.js"

/** An editing session: patches in order, and what the text is in the end. */
export interface Trace {
  readonly name: string
  readonly patches: readonly Patch[]
  readonly text: string
}

/** Where sample files lie when they are there; they are no part of the repository. */
const samples = process.env["HOME_SAMPLES"] ?? join(process.cwd(), "..", "shared", "data")
const files = ["automerge-paper", "sveltecomponent", "friendsforever_flat"] as const

const splice = (text: string, [at, deleted, inserted]: Patch): string =>
  text.slice(0, at) + inserted + text.slice(at + deleted)

interface TraceFile {
  readonly startContent?: string
  readonly endContent: string
  readonly txns: readonly { readonly patches: readonly Patch[] }[]
}

/** A file of the collection `editing-traces`, sequential form, positions in characters (Unicode scalar values). */
const readTrace = (name: string): Trace | undefined => {
  const path = join(samples, "traces", `${name}.json.gz`)
  if (!existsSync(path)) return undefined
  const {
    startContent = "",
    endContent,
    txns,
  } = JSON.parse(gunzipSync(readFileSync(path)).toString("utf8")) as TraceFile
  const patches = txns.flatMap(txn => txn.patches)
  const start: readonly Patch[] = startContent === "" ? [] : [[0, 0, startContent]]
  return { name, patches: [...start, ...patches], text: endContent }
}

/** Our own when no sample is there: somebody who types, goes back, deletes and moves about; the same every time. */
const ownTrace = (): Trace => {
  let state = 7
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
  const patches: Patch[] = []
  let text = ""
  let at = 0
  for (let i = 0; i < 20_000; i++) {
    if (random(40) === 0) at = random(text.length + 1)
    const isDeleting = random(6) === 0 && at > 0
    const letter = String.fromCharCode(97 + random(26))
    const patch: Patch = isDeleting ? [at - 1, 1, ""] : [at, 0, letter]
    patches.push(patch)
    text = splice(text, patch)
    at = isDeleting ? at - 1 : at + 1
  }
  return { name: "generated", patches, text }
}

export const traces = (): readonly Trace[] => {
  const found = files.map(readTrace).filter(trace => trace !== undefined)
  return found.length > 0 ? found : [ownTrace()]
}

/** The first patches of a trace, with the text that they give. */
export const headOf = (trace: Trace, count: number): Trace => {
  const patches = trace.patches.slice(0, count)
  return count >= trace.patches.length ? trace : { ...trace, patches, text: patches.reduce(splice, "") }
}

export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16)
