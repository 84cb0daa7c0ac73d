import { type Area, type Result, err, ok } from "../base/index.js"
import { schemaOf } from "./areas.js"
import { documentLimits } from "./document-limits.js"
import { type MapDraft, isMap, textOf } from "./scalar.js"

/** One thing in a document that this version cannot read. The item (or the optional field) was skipped. */
export interface SchemaIssue {
  /** Such as `months/03/4f…/amountMinor`. Holds ids and field names, no content. */
  readonly path: string
  readonly expected: string
}

export type SchemaError =
  /** Not a document of ours, or its initial change is not there yet: show nothing, try again when changes come. */
  { readonly type: "NotADocument" } | { readonly type: "WrongArea"; readonly expected: Area }

/** What stands in every parsed document. */
export interface Parsed {
  readonly schema: number
  /** The document is of a newer version: show it, and offer an update where one would edit. */
  readonly readOnly: boolean
  readonly issues: readonly SchemaIssue[]
}

export class Issues {
  readonly list: SchemaIssue[] = []
  add(path: string, expected: string): void {
    if (this.list.length < documentLimits.issues) this.list.push({ path, expected })
  }
}

/** The root of a document and its maps, before their items are read. */
export interface Root extends Parsed {
  readonly fields: MapDraft
  readonly found: Issues
}

export const parseRoot = (area: Area, doc: unknown): Result<Root, SchemaError> => {
  if (!isMap(doc)) return err({ type: "NotADocument" })
  const named = textOf(doc["area"])
  const schema = doc["schema"]
  if (named === undefined || typeof schema !== "number" || !Number.isSafeInteger(schema) || schema < 1)
    return err({ type: "NotADocument" })
  if (named !== area) return err({ type: "WrongArea", expected: area })
  const found = new Issues()
  return ok({ fields: doc, schema, readOnly: schema > schemaOf(area), issues: found.list, found })
}

/**
 * Reads one map that anybody may have written. A required field of a wrong type is reported and makes the reader
 * `failed` (the caller skips the item); an optional one is reported and counts as absent. Unknown fields stay.
 */
export class ItemReader {
  #failed = false

  constructor(
    readonly item: MapDraft,
    readonly path: string,
    readonly issues: Issues,
  ) {}

  get failed(): boolean {
    return this.#failed
  }

  fail(key: string, expected: string): void {
    this.#failed = true
    this.issues.add(`${this.path}/${key}`, expected)
  }

  has(key: string): boolean {
    return this.item[key] !== undefined
  }

  text(key: string): string {
    const value = textOf(this.item[key])
    if (value === undefined) this.fail(key, "text")
    return value ?? ""
  }

  integer(key: string): number {
    const value = this.item[key]
    if (typeof value === "number" && Number.isSafeInteger(value)) return value
    this.fail(key, "integer")
    return 0
  }

  oneOf<T extends string>(key: string, values: readonly T[]): T | undefined {
    const value = textOf(this.item[key])
    const known = values.find(candidate => candidate === value)
    if (known === undefined) this.fail(key, values.join("|"))
    return known
  }

  matching(key: string, pattern: RegExp, expected: string): string {
    const value = textOf(this.item[key])
    if (value !== undefined && pattern.test(value)) return value
    this.fail(key, expected)
    return ""
  }

  optionalText(key: string): string | undefined {
    return this.#optional(key, "text", textOf)
  }

  optionalInteger(key: string): number | undefined {
    return this.#optional(key, "integer", value =>
      typeof value === "number" && Number.isSafeInteger(value) ? value : undefined,
    )
  }

  flag(key: string): boolean {
    return (
      this.#optional(key, "true or false", value => (typeof value === "boolean" ? value : undefined)) ?? false
    )
  }

  /** An optional field through a parser of its own; what that refuses is reported and counts as absent. */
  optional<T>(key: string, expected: string, parse: (text: string) => T | undefined): T | undefined {
    return this.#optional(key, expected, value => {
      const text = textOf(value)
      return text === undefined ? undefined : parse(text)
    })
  }

  /** The keys of a set, sorted; absent is empty. */
  set(key: string): readonly string[] {
    return Object.entries(this.map(key))
      .filter(([, value]) => value === true)
      .map(([name]) => name)
      .sort()
  }

  /** A map of the item; absent is empty. */
  map(key: string): MapDraft {
    return this.#optional(key, "map", value => (isMap(value) ? value : undefined)) ?? {}
  }

  list(key: string): readonly unknown[] | undefined {
    return this.#optional(key, "list", value => (Array.isArray(value) ? (value as unknown[]) : undefined))
  }

  #optional<T>(key: string, expected: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = this.item[key]
    if (value === undefined) return undefined
    const parsed = read(value)
    if (parsed === undefined) this.issues.add(`${this.path}/${key}`, expected)
    return parsed
  }
}
