import { describe, expect, it } from "vitest"
import { type PackageExports, createImportGraph, importsOf, packageExportsOf } from "./import-graph.js"
import { areas, isTestCode, violationsOf } from "./layers.js"
import { readTree, workspaces } from "./source-tree.js"

const isSource = (name: string): boolean => /\.(ts|tsx|mjs|json)$/.test(name)

describe("the house", () => {
  const tree = readTree(workspaces, isSource)
  const manifests = new Map(
    [...tree].filter(([path]) => path.split("/").length === 2 && path.endsWith("/package.json")),
  )
  const graph = createImportGraph(tree, packageExportsOf(manifests))
  const production = [...graph.keys()].filter(path => !isTestCode(path))

  it("keeps its layers", () => {
    const imports = [...graph.values()].reduce((sum, file) => sum + file.edges.length, 0)
    console.log(
      `layers: ${graph.size} files read, ${production.length} of them production, ${imports} imports followed`,
    )
    expect(violationsOf(graph)).toEqual([])
  })

  it("was read at all: every workspace has files, every layer of shared and crypto too", () => {
    for (const workspace of workspaces) {
      expect(
        [...graph.keys()].filter(path => path.startsWith(`${workspace}/`)).length,
        workspace,
      ).toBeGreaterThan(0)
    }
    for (const { name, files } of areas.slice(0, 8)) {
      const count = production.filter(path => files.some(prefix => path.startsWith(prefix))).length
      expect(count, name).toBeGreaterThan(0)
    }
  })
})

const packages: PackageExports = packageExportsOf(
  new Map([
    [
      "shared/package.json",
      `{"name":"@home/shared","exports":{"./base":"./src/base/index.ts","./wire":"./src/wire/index.ts"}}`,
    ],
    [
      "crypto/package.json",
      `{"name":"@home/crypto","exports":{".":"./src/index.ts","./verify":"./src/verify.ts"}}`,
    ],
  ]),
)

const sound: Readonly<Record<string, string>> = {
  "shared/src/base/index.ts": `export * from "./bytes.js"`,
  "shared/src/base/bytes.ts": ``,
  "shared/src/access/fold.ts": `import "../base/index.js"`,
  "shared/src/documents/ledger.ts": `import * as A from "@automerge/automerge/slim"`,
  "shared/src/wire/index.ts": `import { a } from "../base/index.js"`,
  "shared/src/replica/replica.ts": `import "../access/fold.js"; import "@automerge/automerge-repo/slim"`,
  "shared/src/testing/index.ts": `import "vitest"; import "../replica/replica.js"`,
  "crypto/src/index.ts": `export * from "./seal.js"; export * from "./verify.js"`,
  "crypto/src/seal.ts": `import "./noble/all.js"; import "@home/shared/wire"`,
  "crypto/src/verify.ts": `import "./noble/public.js"`,
  "crypto/src/noble/all.ts": `import "@noble/ciphers/chacha.js"; import "./public.js"`,
  "crypto/src/noble/public.ts": `import "@noble/curves/ed25519.js"`,
  "sync-server/src/relay/main.ts": `import "@home/crypto/verify"; import "node:fs"; import "../net/listen.js"`,
  "sync-server/src/net/listen.ts": `import "node:http"`,
  "sync-server/src/box/main.ts": `import "@home/crypto"; import "../net/listen.js"`,
  "sync-server/src/start/main.ts": `import "../relay/main.js"; import "../box/main.js"`,
  "sync-server/src/cli/main.ts": `import "../start/main.js"`,
  "client/src/main.tsx": `import "./features/ledger/list.js"`,
  "client/src/features/ledger/list.tsx": `import "../../ui/button.js"`,
  "client/src/features/notes/list.tsx": ``,
  "client/src/ui/button.tsx": `import "solid-js"`,
}

const violationsWith = (changed: Readonly<Record<string, string>>): readonly string[] =>
  violationsOf(createImportGraph(new Map(Object.entries({ ...sound, ...changed })), packages))

describe("the layer rules", () => {
  it("find nothing in a sound house", () => {
    expect(violationsWith({})).toEqual([])
  })

  const broken: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    ["base reaches out", { "shared/src/base/bytes.ts": `import "../wire/index.js"` }, /^base must not reach/],
    [
      "base imports a package",
      { "shared/src/base/bytes.ts": `import "fflate"` },
      /^base must not import fflate/,
    ],
    [
      "a pure layer uses Node",
      { "shared/src/access/fold.ts": `import "node:fs"` },
      /^access must not import node:fs/,
    ],
    [
      "the replica uses Node",
      { "shared/src/replica/replica.ts": `import "node:fs"` },
      /^replica must not import node:/,
    ],
    [
      "documents use automerge-repo",
      { "shared/src/documents/ledger.ts": `import "@automerge/automerge-repo/slim"` },
      /^documents must not import/,
    ],
    [
      "documents use the full automerge",
      { "shared/src/documents/ledger.ts": `import "@automerge/automerge"` },
      /^documents must not import/,
    ],
    [
      "wire uses automerge",
      { "shared/src/wire/index.ts": `import "@automerge/automerge/slim"` },
      /^wire must not import/,
    ],
    [
      "shared reaches crypto",
      { "shared/src/replica/replica.ts": `import "@home/crypto"` },
      /^replica must not reach this: .*crypto\/src\/index/,
    ],
    [
      "shared reaches crypto for a type",
      { "shared/src/replica/replica.ts": `import type { A } from "@home/crypto"` },
      /^replica must not reach/,
    ],
    [
      "shared reaches the server",
      { "shared/src/wire/index.ts": `import "../../../sync-server/src/net/listen.js"` },
      /^wire must not reach/,
    ],
    [
      "crypto reaches the replica",
      { "crypto/src/seal.ts": `import "../../shared/src/replica/replica.js"` },
      /^crypto must not reach/,
    ],
    [
      "crypto uses automerge",
      { "crypto/src/seal.ts": `import "@automerge/automerge/slim"` },
      /^crypto must not import/,
    ],
    [
      "noble outside its folder",
      { "crypto/src/seal.ts": `import "@noble/hashes/sha2.js"` },
      /^crypto must not import @noble/,
    ],
    [
      "noble in verify",
      { "crypto/src/verify.ts": `import "@noble/hashes/sha2.js"` },
      /^only crypto\/src\/noble imports/,
    ],
    [
      "verify reaches a cipher",
      { "crypto/src/verify.ts": `import "./noble/all.js"` },
      /^crypto\/verify must not reach/,
    ],
    [
      "the relay reaches the seal",
      { "sync-server/src/relay/main.ts": `import "@home/crypto"` },
      /^relay must not reach/,
    ],
    [
      "the relay reaches the seal through verify",
      { "crypto/src/verify.ts": `import "./seal.js"` },
      /^relay must not reach this: .* -> crypto\/src\/verify\.ts -> crypto\/src\/seal\.ts/,
    ],
    [
      "the relay reaches it through import()",
      { "sync-server/src/relay/main.ts": `const seal = () => import("@home/crypto")` },
      /^relay must not reach/,
    ],
    [
      "the relay imports what it computes",
      { "sync-server/src/relay/main.ts": `const seal = (x: string) => import(x)` },
      /^relay must not compute an import/,
    ],
    [
      "the relay reaches the access layer",
      { "sync-server/src/relay/main.ts": `import "../../../shared/src/access/fold.js"` },
      /^relay must not reach/,
    ],
    [
      "the relay reaches the box",
      { "sync-server/src/relay/main.ts": `import "../box/main.js"` },
      /^relay must not reach/,
    ],
    [
      "the box reaches the relay",
      { "sync-server/src/box/main.ts": `import type { R } from "../relay/main.js"` },
      /^box must not reach/,
    ],
    [
      "a command composes both",
      { "sync-server/src/cli/main.ts": `import "../relay/main.js"; import "../box/main.js"` },
      /^only start\/ composes/,
    ],
    [
      "a feature imports a feature",
      { "client/src/features/ledger/list.tsx": `import "../notes/list.js"` },
      /^a feature must not/,
    ],
    [
      "ui knows a document",
      { "client/src/ui/button.tsx": `import "../../../shared/src/documents/ledger.js"` },
      /^ui must not reach/,
    ],
    [
      "client reaches the server",
      { "client/src/main.tsx": `import "../../sync-server/src/net/listen.js"` },
      /^client must not reach/,
    ],
    [
      "a package imports itself by name",
      { "shared/src/wire/index.ts": `import "@home/shared/base"` },
      /^imports its own package by name/,
    ],
    ["a deep import", { "crypto/src/seal.ts": `import "@home/shared/src/base/bytes.js"` }, /^leads nowhere/],
    ["a missing file", { "crypto/src/seal.ts": `import "./gone.js"` }, /^leads nowhere/],
    [
      "production uses test code",
      { "crypto/src/seal.ts": `import "./testing/bytes.js"`, "crypto/src/testing/bytes.ts": `` },
      /^crypto must not reach test code/,
    ],
    [
      "production imports vitest",
      { "sync-server/src/cli/main.ts": `import "vitest"` },
      /^production must not import vitest/,
    ],
    ["a file outside all areas", { "shared/src/drawer/all.ts": `` }, /^belongs to no area/],
    [
      "a ring",
      { "shared/src/base/bytes.ts": `import { a } from "./index.js"` },
      /^imports in a ring: shared\/src\/base\/bytes\.ts, shared\/src\/base\/index\.ts/,
    ],
  ]
  it.each(broken)("notice when %s", (_, changed, message) => {
    expect(violationsWith(changed)).toContainEqual(expect.stringMatching(message))
  })

  it("let a ring be that is for types only, and tests import what they like", () => {
    expect(violationsWith({ "shared/src/base/bytes.ts": `import type { A } from "./index.js"` })).toEqual([])
    expect(violationsWith({ "shared/src/base/bytes.ts": `import { type A } from "./index.js"` })).toEqual([])
    expect(violationsWith({ "shared/src/base/bytes.test.ts": `import "node:fs"; import "vitest"` })).toEqual(
      [],
    )
  })

  it("are not misled by comments and texts", () => {
    const text = `// import "a"\n/* import "b" */ const c = 'import "d"'\nexport { e } from "f"\nimport g = require("h")\n`
    expect(importsOf("x.ts", text).map(({ specifier }) => specifier)).toEqual(["f", "h"])
  })
})
