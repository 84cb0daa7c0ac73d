import type { Entry, Remark, Said } from "@home/shared/documents"
import type { Language, PlainKey, Translate } from "../../i18n/index.js"
import type { LedgerProps } from "./ledger.js"

const fieldNames: Readonly<Record<string, PlainKey>> = {
  date: "money.entry.date",
  time: "money.field.time",
  direction: "money.field.direction",
  status: "money.field.status",
  amountMinor: "money.field.amountMinor",
  currency: "money.entry.currency",
  rate: "money.field.rate",
  account: "money.entry.account",
  toAccount: "money.entry.to",
  payee: "money.entry.payee",
  note: "money.entry.note",
  category: "money.entry.category",
  tags: "money.entry.tags",
  splits: "money.detail.split",
  shares: "money.detail.shares",
  paidBy: "money.share.paidBy",
  receipts: "money.field.receipts",
  toAmountMinor: "money.entry.to",
}

/** The value of a field in words. */
export const valueText = (
  field: string,
  value: unknown,
  entry: Entry,
  ledger: LedgerProps,
  language: Language,
): string => {
  const { t, formats } = language
  if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
    return t("money.history.nothing")
  if (typeof value === "number" && (field === "amountMinor" || field === "toAmountMinor"))
    return formats().money(value, entry.currency)
  if (Array.isArray(value)) return value.map(String).join(", ")
  if (typeof value === "object") return "…"
  const text = String(value)
  if (field === "category") return ledger.names.category(text) || text
  if (field === "account" || field === "toAccount") return ledger.names.account(text) || text
  if (field === "paidBy") return ledger.names.member(text)
  if (field === "date") return formats().day(text, "long")
  if (
    field === "status" &&
    (text === "pending" || text === "closed" || text === "refunded" || text === "settled")
  )
    return t(`money.${text}`)
  if (
    field === "direction" &&
    (text === "expense" || text === "income" || text === "transfer" || text === "neutral")
  )
    return t(`money.${text}`)
  return text
}

/** What a field of an entry is called. */
export const fieldName = (field: string, t: Translate): string => {
  const key = fieldNames[field]
  return key === undefined ? field : t(key)
}

const orderKeys: Readonly<Record<string, PlainKey>> = {
  ymd: "money.import.order.ymd",
  dmy: "money.import.order.dmy",
  mdy: "money.import.order.mdy",
}

const remarkText = (remark: Remark, t: Translate): string => {
  switch (remark.code) {
    case "NoDate":
      return t("money.import.why.noDate", { found: remark.found })
    case "NoAmount":
      return remark.found === ""
        ? t("money.import.why.emptyAmount")
        : t("money.import.why.noAmount", { found: remark.found })
    case "UnknownState":
      return t("money.import.why.unknownState", { found: remark.found })
    case "InvalidField":
      return t("money.import.why.invalidField", { field: fieldName(remark.field, t) })
    case "Damaged":
      return t("money.import.why.damaged", { count: remark.count })
    case "Unlisted":
      return t("money.import.why.unlisted", { count: remark.count })
    case "GuessedOrder": {
      const key = orderKeys[remark.order]
      return t("money.import.why.guessedOrder", { order: key === undefined ? remark.order : t(key) })
    }
    case "OtherCount":
      return t("money.import.why.otherCount", { stated: remark.stated, read: remark.read })
    case "OtherTotal": {
      const { kind, stated, statedAmount, read, readAmount } = remark
      return t("money.import.why.otherTotal", { kind, stated, statedAmount, read, readAmount })
    }
    case "NoHeader":
      return t("money.import.why.noHeader")
    case "NoColumns":
      return t("money.import.why.noColumns")
    case "TooLong":
      return t("money.import.why.tooLong")
  }
}

/** What a reader of files has to say, in the language of who looks: the reason, and the line where there is one. */
export const saidText = ({ line, reason, remark }: Said, file: string, t: Translate): string => {
  const words = remark === undefined ? reason : remarkText(remark, t)
  return line === 0
    ? t("money.import.about", { file, reason: words })
    : t("money.import.problem", { file, line, reason: words })
}
