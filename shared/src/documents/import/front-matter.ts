import { isAlias, isMap, isNode, isScalar, isSeq, parseDocument, visit } from "yaml"
import { err, ok, type Result } from "../../base/index.js"
import { importLimits } from "./limits.js"

export interface FrontMatter {
  /** Key -> text: a scalar as it stood, a list or map as JSON. In the file's order. */
  readonly properties: ReadonlyMap<string, string>
  /** Key -> scalars of a list, or the one scalar. */
  readonly lists: ReadonlyMap<string, readonly string[]>
}

export interface SplitNote {
  /** The YAML between the rules; absent when the text has none. */
  readonly yaml?: string
  /** What stands behind it, unchanged. */
  readonly body: string
}

/** Front matter begins at the first character with a line `---` and ends with a line `---` or `...`. */
export const splitFrontMatter = (text: string): SplitNote => {
  const open = /^---[ \t]*\r?\n/.exec(text)
  if (open === null) return { body: text }
  const close = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m
  const behind = text.slice(open[0].length)
  const end = close.exec(behind)
  if (end === null) return { body: text }
  return { yaml: behind.slice(0, end.index), body: text.slice(open[0].length + end.index + end[0].length) }
}

/**
 * YAML of a note -> properties. Refused, with the reason: what is no map, aliases (they can grow without bound), tags
 * of its own, nesting beyond any real note. Dates and numbers stay as they were written.
 */
export const parseFrontMatter = (yaml: string): Result<FrontMatter, string> => {
  if (yaml.trim() === "") return ok({ properties: new Map(), lists: new Map() })
  if (yaml.length > importLimits.frontMatterCharacters)
    return err(`${yaml.length} characters, the limit is ${importLimits.frontMatterCharacters}`)
  // The parser recurses once per bracket; indentation nests by at least one column a level.
  if (
    (yaml.match(/[[{]/g)?.length ?? 0) > 500 ||
    /^[ \t]*(?:[-?:] +){50}/m.test(yaml) ||
    /^ {200}/m.test(yaml)
  )
    return err("nested too deep")
  try {
    const document = parseDocument(yaml, {
      schema: "core",
      merge: false,
      uniqueKeys: false,
      logLevel: "silent",
      prettyErrors: false,
    })
    const error = document.errors[0]
    if (error !== undefined) return err(error.message.slice(0, 120))
    let forbidden: string | undefined
    visit(document, (_, node) => {
      if (isAlias(node)) forbidden = "aliases are not read"
      else if (isNode(node) && node.tag !== undefined && !node.tag.startsWith("tag:yaml.org,2002:"))
        forbidden = "tags of its own are not read"
    })
    if (forbidden !== undefined) return err(forbidden)
    if (!isMap(document.contents)) return err("not a list of properties")
    const properties = new Map<string, string>()
    const lists = new Map<string, readonly string[]>()
    for (const { key, value } of document.contents.items) {
      const name = scalarText(key).trim()
      if (name === "") continue
      const items = isSeq(value)
        ? value.items.filter(item => isScalar(item)).map(scalarText)
        : [scalarText(value)]
      lists.set(
        name,
        items.filter(item => item !== ""),
      )
      properties.set(
        name,
        isScalar(value) || value === null
          ? scalarText(value)
          : JSON.stringify(isNode(value) ? value.toJS(document) : value),
      )
    }
    return ok({ properties, lists })
  } catch (error) {
    // The parser's own limits and its recursion.
    return err(error instanceof Error ? error.message.slice(0, 120) : "not readable")
  }
}

/** Quoted and block scalars by their value, plain ones as they stood: 007 and 2024-01-01 are no numbers. */
const scalarText = (node: unknown): string => {
  if (!isScalar(node) || node.value === null || node.value === undefined) return ""
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value))
}
