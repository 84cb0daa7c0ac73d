/** A text with `{names}` to fill in, or one per plural category; `count` chooses, and may stand in the text. */
export type Message = string | { readonly one?: string; readonly other: string }

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never

type TextOf<M> = M extends string ? M : M[keyof M]

/** The names that a message needs values for: those of its texts, and `count` when it has plural forms. */
export type NamesOf<M> = NamesIn<TextOf<M>> | (M extends string ? never : "count")

export type Values<Names extends string> = {
  readonly [Name in Names]: Name extends "count" ? number : string | number
}

/** The names in braces of all texts of a message: what a translation must have too. */
export const namesIn = (message: Message): ReadonlySet<string> => {
  const texts = typeof message === "string" ? [message] : [message.one ?? "", message.other]
  return new Set(texts.flatMap(text => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name)))
}

/** Marks that turn the direction of text around, beyond the value: a name could make the sentence say something else. */
const turns = /[\u202a-\u202e\u2066-\u2069]/g

/** `values` by name into the text that fits; numbers are written as the language writes them. */
export const fillMessage = (
  message: Message,
  values: Readonly<Record<string, string | number>>,
  rules: Intl.PluralRules,
  numbers: Intl.NumberFormat,
): string => {
  let text: string
  if (typeof message === "string") text = message
  else {
    const isOne = rules.select(Number(values["count"])) === "one"
    text = (isOne ? message.one : undefined) ?? message.other
  }
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? ""
    return typeof value === "number" ? numbers.format(value) : value.replace(turns, "")
  })
}
