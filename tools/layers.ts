import type { ImportGraph } from "./import-graph.js"

/**
 * One area of the house: the files in it, what they may reach through any number of imports (those for types
 * count), and which packages they may import themselves. `any`: no limit.
 */
interface Area {
  readonly name: string
  readonly files: readonly string[]
  readonly reaches: readonly string[] | "any"
  /** A name covers its subpaths: `@noble/curves` and `@noble/curves/ed25519.js`; `node:` covers all of Node. */
  readonly packages: readonly string[] | "any"
}

const base = "shared/src/base/"
const access = "shared/src/access/"
const documents = "shared/src/documents/"
const wire = "shared/src/wire/"
const replica = "shared/src/replica/"
const device = "shared/src/device/"
const crypto = "crypto/src/"
const relay = "sync-server/src/relay/"
const box = "sync-server/src/box/"
const net = "sync-server/src/net/"
const disk = "sync-server/src/disk/"
const store = "sync-server/src/store/"
const start = "sync-server/src/start/"

/** Hashes and signatures by public keys: no file here can decrypt, sign or derive a key. */
const verify = [
  "crypto/src/verify.ts",
  "crypto/src/domain.ts",
  "crypto/src/ed25519-strict.ts",
  "crypto/src/primitives.ts",
  "crypto/src/noble/public.ts",
]
/** The same by node:crypto. Its other file can decrypt. */
const nativeVerify = "sync-server/src/native/public.ts"
const pure = [base, access, documents, wire]
const shared = [...pure, replica, device]

/** The first area that holds a file is its area; a file of no area is a violation. */
export const areas: readonly Area[] = [
  { name: "base", files: [base], reaches: [base], packages: [] },
  { name: "access", files: [access], reaches: [base, wire, access], packages: [] },
  {
    name: "documents",
    files: [documents],
    reaches: [base, documents],
    packages: ["@automerge/automerge/slim", "ical.js", "papaparse", "yaml"],
  },
  { name: "wire", files: [wire], reaches: [base, wire], packages: ["fflate"] },
  {
    name: "replica",
    files: [replica],
    reaches: [...pure, replica],
    packages: ["@automerge/automerge/slim", "@automerge/automerge-repo/slim"],
  },
  { name: "device", files: [device], reaches: shared, packages: [] },
  {
    name: "crypto/verify",
    files: verify,
    reaches: [base, wire, ...verify],
    packages: ["@noble/curves", "@noble/hashes"],
  },
  {
    name: "noble",
    files: ["crypto/src/noble/"],
    reaches: [base, crypto],
    packages: ["@noble/ciphers", "@noble/curves", "@noble/hashes"],
  },
  {
    name: "crypto",
    files: [crypto],
    reaches: [base, access, wire, crypto],
    packages: ["@scure/bip39", "hash-wasm"],
  },
  {
    name: "native verify",
    files: [nativeVerify],
    reaches: [base, wire, ...verify, nativeVerify],
    packages: ["node:crypto"],
  },
  {
    name: "native",
    files: ["sync-server/src/native/"],
    reaches: [base, access, wire, crypto, "sync-server/src/native/"],
    packages: ["node:crypto"],
  },
  {
    name: "relay",
    files: [relay],
    reaches: [base, wire, ...verify, net, disk, relay],
    packages: ["node:", "better-sqlite3", "ws"],
  },
  { name: "net", files: [net], reaches: [base, wire, ...verify, net], packages: ["node:", "ws"] },
  { name: "disk", files: [disk], reaches: [disk], packages: ["node:"] },
  {
    name: "store",
    files: [store],
    reaches: [...shared, disk, store],
    packages: ["node:", "better-sqlite3"],
  },
  {
    name: "box",
    files: [box],
    reaches: [
      ...shared,
      crypto,
      net,
      disk,
      store,
      "sync-server/src/native/",
      "sync-server/src/profile/",
      box,
    ],
    packages: "any",
  },
  {
    name: "ui",
    files: ["client/src/ui/"],
    reaches: [base, "client/src/ui/"],
    packages: "any",
  },
  { name: "client", files: ["client/src/"], reaches: [...shared, crypto, "client/src/"], packages: "any" },
  {
    name: "client's build",
    files: ["client/build/", "client/vite.config.ts"],
    reaches: ["client/build/", "client/vite.config.ts"],
    packages: ["node:", "vite", "vite-plugin-solid"],
  },
  { name: "server", files: ["sync-server/"], reaches: [...shared, crypto, "sync-server/"], packages: "any" },
  { name: "e2e", files: ["e2e/"], reaches: "any", packages: "any" },
]

/** What only tests use: no production file may reach it. */
export const isTestCode = (path: string): boolean =>
  /\.test\.tsx?$|\/vitest\.config\.ts$|\/testing\/|\/testing\.ts$|-(contract|child|world)\.ts$/.test(path) ||
  path.startsWith("e2e/")

const testPackages = ["vitest", "fast-check", "@playwright/test"]

const startsWithOneOf = (path: string, prefixes: readonly string[] | "any"): boolean =>
  prefixes === "any" || prefixes.some(prefix => path.startsWith(prefix))

const coversPackage = (allowed: readonly string[] | "any", specifier: string): boolean =>
  allowed === "any" ||
  allowed.some(name => specifier === name || specifier.startsWith(name.endsWith(":") ? name : `${name}/`))

/** Every file that `from` reaches, itself included, with the file that led to it. */
const reachedFrom = (graph: ImportGraph, from: string): ReadonlyMap<string, string | undefined> => {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]])
  for (const path of cameFrom.keys()) {
    for (const { to } of graph.get(path)?.edges ?? []) if (!cameFrom.has(to)) cameFrom.set(to, path)
  }
  return cameFrom
}

const chainTo = (cameFrom: ReadonlyMap<string, string | undefined>, to: string): string => {
  const chain: string[] = []
  for (let path: string | undefined = to; path !== undefined; path = cameFrom.get(path)) chain.unshift(path)
  return chain.join(" -> ")
}

const areaOf = (path: string): Area | undefined => areas.find(({ files }) => startsWithOneOf(path, files))

const reachViolations = (graph: ImportGraph, path: string, area: Area): string[] => {
  const reached = reachedFrom(graph, path)
  const violations: string[] = []
  for (const to of reached.keys()) {
    const isTestOnly = isTestCode(to)
    if (startsWithOneOf(to, area.reaches) && !isTestOnly) continue
    // Told once, at the first step out: what lies behind it is its own matter.
    const before = reached.get(to)
    if (before !== undefined && (!startsWithOneOf(before, area.reaches) || isTestCode(before))) continue
    violations.push(
      `${area.name} must not reach ${isTestOnly ? "test code" : "this"}: ${chainTo(reached, to)}`,
    )
  }
  return violations
}

const featureOf = (path: string): string | undefined => /^client\/src\/features\/([^/]+)\//.exec(path)?.[1]

/** The rules on direct imports. */
const directViolations = (graph: ImportGraph, path: string, area: Area): string[] => {
  const file = graph.get(path)
  if (file === undefined) return []
  const violations: string[] = []
  if (file.isComputed && area.packages !== "any")
    violations.push(`${area.name} must not compute an import: ${path}`)
  for (const specifier of file.packages) {
    if (coversPackage(testPackages, specifier))
      violations.push(`production must not import ${specifier}: ${path}`)
    else if (!coversPackage(area.packages, specifier)) {
      violations.push(`${area.name} must not import ${specifier}: ${path}`)
    } else if (/^@noble\//.test(specifier) && !path.startsWith("crypto/src/noble/")) {
      violations.push(`only crypto/src/noble imports ${specifier}: ${path}`)
    }
  }
  const feature = featureOf(path)
  for (const { to } of file.edges) {
    const other = featureOf(to)
    if (feature !== undefined && other !== undefined && other !== feature) {
      violations.push(`a feature must not import a feature: ${path} -> ${to}`)
    }
  }
  const imports = (folder: string): boolean => file.edges.some(({ to }) => to.startsWith(folder))
  if (!path.startsWith(start) && imports(relay) && imports(box)) {
    violations.push(`only start/ composes relay and box: ${path}`)
  }
  return violations
}

/** Rings of imports that exist when the program runs: each strongly connected component with its files. */
const valueCycles = (graph: ImportGraph): string[] => {
  const valueEdges = (path: string): string[] =>
    (graph.get(path)?.edges ?? []).filter(edge => edge.isValue && graph.has(edge.to)).map(edge => edge.to)
  const reaches = new Map<string, Set<string>>()
  for (const path of graph.keys()) {
    const seen = new Set<string>(valueEdges(path))
    for (const next of seen) for (const to of valueEdges(next)) seen.add(to)
    reaches.set(path, seen)
  }
  const rings = new Map<string, string>()
  for (const [path, seen] of reaches) {
    if (!seen.has(path)) continue
    const ring = [...seen].filter(other => reaches.get(other)?.has(path)).sort()
    rings.set(ring.join(), `imports in a ring: ${ring.join(", ")}`)
  }
  return [...rings.values()]
}

/** All that breaks the layers, one sentence each; nothing when the house stands. */
export const violationsOf = (graph: ImportGraph): readonly string[] => {
  const violations: string[] = []
  for (const [path, file] of graph) {
    for (const specifier of file.ownPackage) {
      violations.push(`imports its own package by name (${specifier}): ${path}`)
    }
    if (isTestCode(path)) continue
    for (const specifier of file.unresolved) violations.push(`leads nowhere (${specifier}): ${path}`)
    const area = areaOf(path)
    if (area === undefined) violations.push(`belongs to no area of layers.ts: ${path}`)
    else violations.push(...directViolations(graph, path, area), ...reachViolations(graph, path, area))
  }
  violations.push(...valueCycles(graph))
  return violations
}
