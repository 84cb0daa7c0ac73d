import { readFileSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseBundle, parseContactCard, verifyContactCard } from "@home/shared/wire"
import { describe, expect, it } from "vitest"
import { nobleAesGcm } from "./noble/aes-gcm.js"
import { noble } from "./noble/all.js"
import { parseRecoveryPhrase } from "./recovery.js"
import { createSealer } from "./sealer.js"
import { createStorageSeal } from "./storage-seal.js"
import { blobVectors } from "./testing/blob-vectors.js"
import { fromHex, scriptedRandom } from "./testing/bytes.js"
import { codeVectors } from "./testing/code-vectors.js"
import { type VectorFile, ownVectors } from "./testing/own-vectors.js"
import { report } from "./testing/samples.js"
import { openVault } from "./vault.js"

const folder = join(import.meta.dirname, "../vectors")
const read = (file: string): VectorFile => JSON.parse(readFileSync(join(folder, file), "utf8")) as VectorFile

/** Fields of a case, by name; vectors are ours, so a missing field is a bug of the test. */
const caseOf = (
  file: string,
  name: string,
): { input: Record<string, string>; output: Record<string, string> } => {
  const found = read(file).cases.find(one => one.name === name)
  if (found === undefined) throw new Error(`${file} has no case ${name}`)
  return found as unknown as { input: Record<string, string>; output: Record<string, string> }
}
const bytes = (fields: Record<string, string>, name: string): Uint8Array => fromHex(fields[name] ?? "none")

describe("own vectors", () => {
  it("[K8] sealing with the stated random bytes gives the committed outputs", async () => {
    const made = [...(await ownVectors(noble)), await blobVectors(nobleAesGcm, noble.sha256), codeVectors()]
    // A changed vector is a changed format: UPDATE_VECTORS=1 writes them, and a reader of the diff must agree.
    if (process.env["UPDATE_VECTORS"] === "1")
      for (const { file, ...vectors } of made)
        writeFileSync(join(folder, file), `${JSON.stringify(vectors, undefined, 2)}\n`)
    expect(readdirSync(folder).toSorted()).toEqual(made.map(({ file }) => file).toSorted())
    let passed = 0
    for (const { file, ...vectors } of made) {
      expect(read(file), file).toEqual(vectors)
      passed += vectors.cases.length
    }
    report("own", passed)
  })

  it("[K8] the committed outputs open again", async () => {
    const sealer = createSealer({ random: scriptedRandom() })
    for (const { input, output } of read("bundle.json").cases as unknown as ReturnType<typeof caseOf>[]) {
      const bundle = parseBundle(bytes(output, "bundle"))
      if (!bundle.ok) throw new Error(bundle.error.type)
      expect(await sealer.verifyBundle(bundle.value)).toBe(true)
      expect(sealer.openBundle(bundle.value, bytes(input, "key"))).toEqual(bytes(input, "body"))
    }
    const wrap = caseOf("epoch.json", "wrap")
    const unwrapped = sealer.unwrapKey(
      bytes(wrap.input, "recipientSecret"),
      bytes(wrap.input, "context"),
      bytes(wrap.output, "wrapped"),
    )
    expect(unwrapped).toEqual(bytes(wrap.input, "key"))
    const outer = caseOf("room.json", "outer blob")
    const room = sealer.roomOf(bytes(outer.input, "secret"), outer.input["origin"] ?? "")
    expect(sealer.openOuter(room, bytes(outer.output, "sealed"))).toEqual(bytes(outer.input, "blob"))
    const { input, output } = caseOf("vault.json", "passphrase and key file")
    const opened = { ok: true, value: bytes(output, "masterKey") }
    const vault = bytes(output, "vault")
    expect(await openVault(vault, { type: "Passphrase", passphrase: input["passphrase"] ?? "" })).toEqual(
      opened,
    )
    expect(await openVault(vault, { type: "KeyFile", key: bytes(input, "keyFile") })).toEqual(opened)
    const stored = read("storage.json").cases[0] as unknown as {
      input: { masterKey: string; key: string[]; value: string }
      output: { hidden: string[]; sealed: string }
    }
    const seal = createStorageSeal({ masterKey: fromHex(stored.input.masterKey), random: scriptedRandom() })
    const value = { key: stored.input.key, value: fromHex(stored.input.value) }
    expect(seal.open(stored.output.hidden, fromHex(stored.output.sealed))).toEqual({ ok: true, value })
    const card = parseContactCard(bytes(caseOf("contact.json", "card").output, "card"))
    expect(card !== undefined && (await verifyContactCard(sealer, card))).toBe(true)
    const phrase = caseOf("recovery.json", "phrase")
    const entropy = { ok: true, value: bytes(phrase.input, "entropy") }
    expect(parseRecoveryPhrase(phrase.output["phrase"] ?? "")).toEqual(entropy)
  })
})
