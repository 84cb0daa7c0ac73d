import { posix } from "node:path"
import ts from "typescript"
import type { SourceTree } from "./source-tree.js"

/** One import as written: `isValue` unless it is for types only and so leaves no trace when it runs. */
export interface Import {
  readonly specifier: string
  readonly isValue: boolean
}

export interface Edge {
  readonly to: string
  readonly isValue: boolean
}

export interface SourceFile {
  readonly path: string
  readonly edges: readonly Edge[]
  /** Specifiers that name no file of the workspaces: packages of the registry and `node:` modules. */
  readonly packages: readonly string[]
  /** Specifiers that name a file or a workspace, but nothing that exists. */
  readonly unresolved: readonly string[]
  /** It has an `import(expression)`: nobody can tell where that leads. */
  readonly isComputed: boolean
  /** Specifiers that name the file's own package. */
  readonly ownPackage: readonly string[]
}

export type ImportGraph = ReadonlyMap<string, SourceFile>

const computed = "import(expression)"

const isForTypes = (clause: ts.ImportClause | undefined): boolean => {
  if (clause === undefined) return false
  if (clause.isTypeOnly) return true
  const named = clause.namedBindings
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false
  return named.elements.length > 0 && named.elements.every(element => element.isTypeOnly)
}

const isReexportForTypes = (node: ts.ExportDeclaration): boolean => {
  if (node.isTypeOnly) return true
  const named = node.exportClause
  if (named === undefined || !ts.isNamedExports(named)) return false
  return named.elements.length > 0 && named.elements.every(element => element.isTypeOnly)
}

/** All imports of one file: static, re-exports, `import()`, `import("x").Type` and `require`. */
export const importsOf = (path: string, text: string): readonly Import[] => {
  const kind = path.endsWith(".tsx")
    ? ts.ScriptKind.TSX
    : path.endsWith(".ts")
      ? ts.ScriptKind.TS
      : ts.ScriptKind.JS
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, false, kind)
  const found: Import[] = []
  const add = (node: ts.Node | undefined, isValue: boolean): void => {
    const specifier = node !== undefined && ts.isStringLiteralLike(node) ? node.text : computed
    found.push({ specifier, isValue })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, !isForTypes(node.importClause))
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node.moduleSpecifier, !isReexportForTypes(node))
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, false)
    else if (ts.isExternalModuleReference(node)) add(node.expression, true)
    else if (ts.isCallExpression(node)) {
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === "require"
      if (isRequire || node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], true)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Package name and what its `exports` say, of each workspace that has one: `@home/shared` -> `./base` -> path. */
export type PackageExports = ReadonlyMap<
  string,
  { readonly folder: string; readonly exports: ReadonlyMap<string, string> }
>

/** Reads the `package.json` of the workspaces; entries are plain strings in this house. */
export const packageExportsOf = (manifests: SourceTree): PackageExports => {
  const packages = new Map<string, { folder: string; exports: Map<string, string> }>()
  for (const [path, text] of manifests) {
    const manifest = JSON.parse(text) as { name: string; exports?: Record<string, string> }
    const folder = posix.dirname(path)
    const entries = Object.entries(manifest.exports ?? {})
    const exports = new Map(entries.map(([name, file]) => [name, posix.join(folder, file)]))
    packages.set(manifest.name, { folder, exports })
  }
  return packages
}

const withoutQuery = (specifier: string): string => specifier.replace(/\?.*$/, "")

/** A relative specifier to a file of the tree: `./x.js` is `x.ts` or `x.tsx` here. */
const resolveRelative = (tree: SourceTree, from: string, specifier: string): string | undefined => {
  const path = posix.join(posix.dirname(from), withoutQuery(specifier))
  const stem = path.replace(/\.js$/, "")
  const candidates = [path, `${stem}.ts`, `${stem}.tsx`]
  return candidates.find(candidate => tree.has(candidate))
}

/** The graph of all files of `tree`, which also holds what else may be imported, such as JSON. */
export const createImportGraph = (tree: SourceTree, packageExports: PackageExports): ImportGraph => {
  const graph = new Map<string, SourceFile>()
  for (const [path, text] of tree) {
    if (!/\.(ts|tsx|mjs)$/.test(path) || path.endsWith(".d.ts")) continue
    const edges: Edge[] = []
    const packages: string[] = []
    const unresolved: string[] = []
    const ownPackage: string[] = []
    const imports = importsOf(path, text)
    for (const { specifier, isValue } of imports) {
      const [, name = specifier, rest = ""] = /^(@[^/]+\/[^/]+|[^/]+)(.*)$/.exec(specifier) ?? []
      const workspace = packageExports.get(name)
      if (specifier === computed) continue
      if (!specifier.startsWith(".") && workspace === undefined) packages.push(specifier)
      else {
        if (workspace !== undefined && path.startsWith(`${workspace.folder}/`)) ownPackage.push(specifier)
        // A style sheet holds no code: that it is there is the bundler's matter.
        if (specifier.endsWith(".css")) continue
        const to =
          workspace === undefined
            ? resolveRelative(tree, path, specifier)
            : workspace.exports.get(`.${withoutQuery(rest)}`)
        if (to === undefined || !tree.has(to)) unresolved.push(specifier)
        else edges.push({ to, isValue })
      }
    }
    const isComputed = imports.some(({ specifier }) => specifier === computed)
    graph.set(path, { path, edges, packages, unresolved, isComputed, ownPackage })
  }
  return graph
}
