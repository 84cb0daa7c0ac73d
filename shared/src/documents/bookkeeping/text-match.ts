/**
 * What a search compares: full-width forms as plain ones, without accents and case, white space as one space.
 * Chinese has no spaces between words, so a term is found anywhere, not at the beginning of a word only.
 */
export const normaliseText = (text: string): string =>
  /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(text) ? text.toLowerCase() : folded(text)

const folded = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim()

/** The terms of a query; every one must be found. */
export const termsOf = (query: string): readonly string[] =>
  normaliseText(query)
    .split(" ")
    .filter(term => term !== "")
