import ts from "typescript"
import type { SourceTree } from "./source-tree.js"

/** Where each rule id stands: the files that define it, or the files with a test title that names it. */
export type PlacesById = ReadonlyMap<string, readonly string[]>

const collect = (found: Iterable<readonly [id: string, path: string]>): PlacesById => {
  const places = new Map<string, string[]>()
  for (const [id, path] of found) places.set(id, [...(places.get(id) ?? []), path])
  return places
}

/** The rules of the SPEC.md files: list items that start with `- **A12** `. */
export const rulesOf = (specs: SourceTree): PlacesById =>
  collect(
    [...specs].flatMap(([path, text]) =>
      [...text.matchAll(/^- \*\*([A-Z]+\d+[a-z]?)\*\* /gm)].map(([, id = ""]) => [id, path] as const),
    ),
  )

const titleFunctions = new Set(["it", "test", "describe"])

/** `it` in `it(...)`, `it.skipIf(x)(...)`, `it.each(rows)(...)`. */
const rootName = (expression: ts.Expression): string | undefined => {
  if (ts.isIdentifier(expression)) return expression.text
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression))
    return rootName(expression.expression)
  return undefined
}

/** The titles of all tests and groups of one file; what a template computes is left out of its title. */
export const titlesOf = (path: string, text: string): readonly string[] => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, false)
  const titles: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && titleFunctions.has(rootName(node.expression) ?? "")) {
      const title = node.arguments[0]
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text)
      if (title !== undefined && ts.isTemplateExpression(title)) {
        titles.push([title.head.text, ...title.templateSpans.map(span => span.literal.text)].join("…"))
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return titles
}

/** The rule ids in square brackets in one title: `[A12]`, `[A12][A13]`, `[A12, A13]`. */
export const idsIn = (title: string): readonly string[] =>
  [...title.matchAll(/\[([A-Z]+\d+[a-z]?(?:, ?[A-Z]+\d+[a-z]?)*)\]/g)].flatMap(([, ids = ""]) =>
    ids.split(/, ?/),
  )

/** The rule ids that test titles name. */
export const testedRulesOf = (tests: SourceTree): PlacesById =>
  collect(
    [...tests].flatMap(([path, text]) =>
      titlesOf(path, text).flatMap(title => idsIn(title).map(id => [id, path] as const)),
    ),
  )

/** What is wrong between rules and tests, one sentence each. */
export const mismatchesOf = (rules: PlacesById, tested: PlacesById): readonly string[] => [
  ...[...rules]
    .filter(([, paths]) => paths.length > 1)
    .map(([id, paths]) => `${id} is defined twice: ${paths.join(", ")}`),
  ...[...rules]
    .filter(([id]) => !tested.has(id))
    .map(([id, paths]) => `${id} has no test: ${paths.join(", ")}`),
  ...[...tested]
    .filter(([id]) => !rules.has(id))
    .map(([id, paths]) => `${id} is in no SPEC.md: ${[...new Set(paths)].join(", ")}`),
]
