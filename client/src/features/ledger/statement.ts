import {
  type BankFile,
  type TableMapping,
  detectFormat,
  parseAlipay,
  parseBank,
  parseWechat,
} from "@home/shared/documents/import"
import type { EntryDraft, ParsedImport, Said } from "@home/shared/documents"

/** A statement as it was read; `bank` is there when its columns were guessed and may be corrected. */
export type Statement =
  | {
      readonly type: "Read"
      readonly name: string
      readonly drafts: readonly EntryDraft[]
      readonly parsed: ParsedImport
      readonly bank: BankFile | undefined
    }
  | { readonly type: "Unreadable"; readonly name: string; readonly why: Said }

const draftsOf = (parsed: ParsedImport): readonly EntryDraft[] =>
  parsed.draft.area === "ledger" ? parsed.draft.entries : []

/** Alipay and WeChat by their own reader, all else as a bank's table. */
export const readStatement = (
  name: string,
  bytes: Uint8Array,
  currency: string,
  mapping?: Partial<TableMapping>,
): Statement => {
  const format = detectFormat(name, bytes)
  if (format === "alipay" || format === "wechat") {
    const bill = format === "alipay" ? parseAlipay(bytes) : parseWechat(bytes)
    if (!bill.ok) return { type: "Unreadable", name, why: bill.error }
    return { type: "Read", name, drafts: draftsOf(bill.value), parsed: bill.value, bank: undefined }
  }
  const bank = parseBank(bytes, { currency, mapping })
  if (!bank.ok) return { type: "Unreadable", name, why: bank.error }
  return {
    type: "Read",
    name,
    drafts: draftsOf(bank.value.parsed),
    parsed: bank.value.parsed,
    bank: bank.value,
  }
}
