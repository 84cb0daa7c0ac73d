import {
  type BankFile,
  type TableMapping,
  type ImportError,
  detectFormat,
  isQif,
  parseAlipay,
  parseBank,
  parseCamt,
  parseOfx,
  parseQif,
  parseWechat,
} from "@home/shared/documents/import"
import type { Result } from "@home/shared/base"
import type { EntryDraft, ParsedImport, Said } from "@home/shared/documents"

/**
 * A statement as it was read. `isOfOneAccount`: it does not say of which; a person does. `bank` is there when its
 * columns were guessed and may be corrected.
 */
export type Statement =
  | {
      readonly type: "Read"
      readonly name: string
      readonly drafts: readonly EntryDraft[]
      readonly parsed: ParsedImport
      readonly isOfOneAccount: boolean
      readonly bank: BankFile | undefined
    }
  | { readonly type: "Unreadable"; readonly name: string; readonly why: Said }

const draftsOf = (parsed: ParsedImport): readonly EntryDraft[] =>
  parsed.draft.area === "ledger" ? parsed.draft.entries : []

/** What says of itself what it is; all else is a bank's table. */
const readKnown = (
  name: string,
  bytes: Uint8Array,
  currency: string,
): Result<ParsedImport, ImportError> | undefined => {
  const head = new TextDecoder().decode(bytes.subarray(0, 200))
  if (isQif(head)) return parseQif(bytes, { currency })
  switch (detectFormat(name, bytes)) {
    case "alipay":
      return parseAlipay(bytes)
    case "wechat":
      return parseWechat(bytes)
    case "ofx":
      return parseOfx(bytes)
    case "camt":
      return parseCamt(bytes)
    default:
      return undefined
  }
}

export const readStatement = (
  name: string,
  bytes: Uint8Array,
  currency: string,
  mapping?: Partial<TableMapping>,
): Statement => {
  const known = readKnown(name, bytes, currency)
  const bank = known === undefined ? parseBank(bytes, { currency, mapping }) : undefined
  const file = bank ?? known
  if (file === undefined || !file.ok)
    return { type: "Unreadable", name, why: file?.error ?? { line: 0, reason: "" } }
  const parsed = "parsed" in file.value ? file.value.parsed : file.value
  const drafts = draftsOf(parsed)
  return {
    type: "Read",
    name,
    drafts,
    parsed,
    // Alipay and WeChat say for each row with what it was paid.
    isOfOneAccount:
      !["alipay", "wechat"].includes(parsed.format) && drafts.every(({ account }) => account === ""),
    bank: bank?.ok === true ? bank.value : undefined,
  }
}
