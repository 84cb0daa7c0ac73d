import { existsSync, readFileSync, readdirSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { textToBytes } from "@home/shared/base"
import { describe, expect, it } from "vitest"
import { hash } from "./hash.js"
import { createSealer } from "./sealer.js"
import { seededRandom } from "./testing/bytes.js"
import { createVerifier } from "./verify.js"

const here = import.meta.dirname

/** Specifiers of value imports and exports; `import type` leaves nothing behind when compiled. */
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export)\s+(?!type\b)[^"]*?from\s+"([^"]+)"/gm)].map(
    match => match[1] ?? "",
  )

const reach = (start: string): { readonly files: Set<string>; readonly packages: Set<string> } => {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    for (const specifier of importsOf(file)) {
      if (!specifier.startsWith(".")) packages.add(specifier)
      else {
        const target = resolve(dirname(file), specifier.replace(/\.js$/, ".ts"))
        if (existsSync(target)) visit(target)
        else throw new Error(`no file ${specifier}`)
      }
    }
  }
  visit(start)
  return { files, packages }
}

describe("verify", () => {
  it("[K6] reaches neither decryption nor secrets by any import", () => {
    const { files, packages } = reach(join(here, "verify.ts"))
    expect([...files].map(file => relative(here, file)).toSorted()).toEqual([
      "domain.ts",
      "ed25519-strict.ts",
      "noble/public.ts",
      "verify.ts",
    ])
    expect([...packages].toSorted()).toEqual([
      "@home/shared/base",
      "@noble/curves/ed25519.js",
      "@noble/hashes/sha2.js",
    ])
    expect(Object.keys(createVerifier()).toSorted()).toEqual([
      "bundleHash",
      "hash",
      "sha256",
      "verify",
      "verifyBundle",
    ])
    const source = readFileSync(join(here, "noble/public.ts"), "utf8")
    expect(source).not.toMatch(/\.sign\(|getSharedSecret|x25519/)
  })

  it("[K6] noble is imported in one folder only, hash-wasm and bip39 in one file each", () => {
    const importers = new Map<string, string[]>()
    const sources = readdirSync(here, { recursive: true, encoding: "utf8" }).filter(
      name => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.includes("testing/"),
    )
    expect(sources.length).toBeGreaterThan(20)
    for (const name of sources)
      for (const specifier of importsOf(join(here, name))) {
        const library = /^(@noble|@scure|hash-wasm)/.exec(specifier)?.[1]
        if (library !== undefined) importers.set(library, [...(importers.get(library) ?? []), name])
      }
    const folder = (importers.get("@noble") ?? []).filter(name => !name.startsWith("noble/"))
    expect(folder).toEqual([])
    expect(importers.get("@noble")).toContain("noble/public.ts")
    expect(new Set(importers.get("@scure"))).toEqual(new Set(["recovery.ts"]))
    expect(importers.get("hash-wasm")).toEqual(["argon2.ts"])
  })

  it("[K10] the hash alone is the sealer's, and brings nothing of curves along", () => {
    const { hash: sealerHash } = createSealer({ random: seededRandom("hash") })
    const parts = [textToBytes("one"), new Uint8Array(0), textToBytes("three")]
    expect(hash("document", ...parts)).toEqual(sealerHash("document", ...parts))
    expect([...reach(join(here, "hash.ts")).packages].toSorted()).toEqual([
      "@home/shared/base",
      "@noble/hashes/sha2.js",
    ])
  })

  it("[K21] judges bundles and signatures as the sealer does", async () => {
    const random = seededRandom("verify")
    const sealer = createSealer({ random })
    const verifier = createVerifier()
    const seed = random.bytes(32)
    const bundle = await sealer.sealBundle({
      key: random.bytes(32),
      feedSeed: seed,
      seq: 1,
      prev: new Uint8Array(32),
      body: textToBytes("x"),
    })
    expect(await verifier.verifyBundle(bundle)).toBe(true)
    expect(verifier.bundleHash(bundle)).toEqual(sealer.bundleHash(bundle))
    const signature = await sealer.sign("room", seed, textToBytes("challenge"))
    expect(
      await verifier.verify("room", sealer.signingKeyOf(seed), textToBytes("challenge"), signature),
    ).toBe(true)
    expect(await verifier.verify("room", sealer.signingKeyOf(seed), textToBytes("another"), signature)).toBe(
      false,
    )
  })
})
