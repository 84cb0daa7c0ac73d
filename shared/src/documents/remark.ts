/**
 * What the readers of money files say, for those who say it in another language: a code and what stands in the file.
 * `found` is at most 40 characters of the file's own words; amounts are as the file's currency writes them.
 */
export type Remark =
  | { readonly code: "NoDate" | "NoAmount" | "UnknownState"; readonly found: string }
  /** The row is no valid entry: this field of it. */
  | { readonly code: "InvalidField"; readonly field: string }
  | { readonly code: "Damaged" | "Unlisted"; readonly count: number }
  | { readonly code: "GuessedOrder"; readonly order: string }
  /** The file's own summary counts other rows than it has; of one kind, with the amounts. */
  | { readonly code: "OtherCount"; readonly stated: number; readonly read: number }
  | {
      readonly code: "OtherTotal"
      readonly kind: string
      readonly stated: number
      readonly statedAmount: string
      readonly read: number
      readonly readAmount: string
    }
  /** Of the whole file, which gives nothing then. */
  | { readonly code: "NoHeader"; readonly format: string }
  | { readonly code: "NoColumns" }
  | { readonly code: "TooLong"; readonly size: number; readonly limit: number }

/** The file's own words, as far as they are shown. */
export const quoted = (text: string): string => text.slice(0, 40)

/** Something to say about a line, or about the whole file (line 0); `reason` is in English. */
export interface Said {
  readonly line: number
  readonly reason: string
  /** The same as a code, where other languages have words for it. */
  readonly remark?: Remark
}

const inEnglish = (remark: Remark): string => {
  switch (remark.code) {
    case "NoDate":
      return `no date: "${remark.found}"`
    case "NoAmount":
      return remark.found === "" ? "no amount" : `no amount: "${remark.found}"`
    case "UnknownState":
      return `unknown state "${remark.found}", taken as settled`
    case "InvalidField":
      return `${remark.field} is not valid`
    case "Damaged":
      return `${remark.count} characters of the file are damaged and shown as \ufffd`
    case "Unlisted":
      return `${remark.count} further remarks are not listed`
    case "GuessedOrder":
      return `the order of day and month is a guess: ${remark.order}`
    case "OtherCount":
      return `the file's summary says ${remark.stated} rows, it has ${remark.read}`
    case "OtherTotal":
      return `the file's summary says ${remark.kind} ${remark.stated} = ${remark.statedAmount}, its rows give ${remark.read} = ${remark.readAmount}`
    case "NoHeader":
      return `no header row of a ${remark.format} bill`
    case "NoColumns":
      return "no columns that hold a date and an amount"
    case "TooLong":
      return `${remark.size} is over the limit of ${remark.limit}`
  }
}

export const said = (line: number, what: string | Remark): Said =>
  typeof what === "string" ? { line, reason: what } : { line, reason: inEnglish(what), remark: what }

/** As a command line writes it. */
export const inWords = ({ line, reason }: Said): string => (line === 0 ? reason : `line ${line}: ${reason}`)
