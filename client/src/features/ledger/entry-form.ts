import {
  type Book,
  type Direction,
  type Entry,
  type EntryFields,
  equalShares,
  formatMinor,
  minorDigits,
} from "@home/shared/documents"
import { amountOf } from "../../ui/amount.js"
import { currencyOf } from "./ledger.js"

export interface SplitForm {
  readonly category: string
  readonly amountText: string
  readonly note: string
}

/** What stands in the sheet while a person types: amounts as text, parts not yet summing. */
export interface EntryForm {
  readonly direction: Direction
  readonly amountText: string
  readonly currency: string
  readonly rate: string
  readonly account: string
  readonly toAccount: string
  readonly toAmountText: string
  readonly payee: string
  readonly note: string
  readonly category: string
  readonly tags: readonly string[]
  readonly date: string
  /** The further parts: what they leave is the first one, of `category`. */
  readonly splits: readonly SplitForm[]
  readonly paidBy: string
  /** Who shares it; equally, unless `shareTexts` has amounts. */
  readonly sharedBy: readonly string[]
  readonly shareTexts: Readonly<Record<string, string>> | undefined
  /** What the form does not show stays as it was. */
  readonly time?: string | undefined
  readonly status: EntryFields["status"]
}

/** What is wrong, for the place where it is shown. */
export type FormProblem =
  "amount" | "tooLarge" | "accounts" | "splits" | "shares" | "rate" | "toAmount" | "date"

export const newForm = (input: {
  readonly direction: Direction
  readonly date: string
  readonly account: string
  readonly toAccount: string
  readonly currency: string
}): EntryForm => ({
  ...input,
  amountText: "",
  rate: "",
  toAmountText: "",
  payee: "",
  note: "",
  category: "",
  tags: [],
  splits: [],
  paidBy: "",
  sharedBy: [],
  shareTexts: undefined,
  status: "settled",
})

export const formOf = (entry: Entry | EntryFields, book: Book, familyCurrency: string): EntryForm => {
  const currency = entry.currency || familyCurrency
  const toCurrency = currencyOf(book.accounts.get(entry.toAccount ?? ""), familyCurrency)
  const members = Object.keys(entry.shares)
  const equal = equalShares(entry.amountMinor, members)
  const isEqual = members.every(member => equal[member] === entry.shares[member])
  const text = (minor: number): string => formatMinor(minor, currency)
  return {
    direction: entry.direction,
    amountText: text(entry.amountMinor),
    currency,
    rate: entry.rate ?? "",
    account: entry.account,
    toAccount: entry.toAccount ?? "",
    toAmountText: entry.toAmountMinor === undefined ? "" : formatMinor(entry.toAmountMinor, toCurrency),
    payee: entry.payee,
    note: entry.note,
    category: entry.splits[0]?.category ?? entry.category,
    tags: entry.tags,
    date: entry.date,
    splits: entry.splits.slice(1).map(split => ({ ...split, amountText: text(split.amountMinor) })),
    paidBy: entry.paidBy ?? "",
    sharedBy: members,
    shareTexts: isEqual
      ? undefined
      : Object.fromEntries(members.map(member => [member, text(entry.shares[member] ?? 0)])),
    time: entry.time,
    status: entry.status,
  }
}

export const amountIn = (form: EntryForm): number | undefined =>
  amountOf(form.amountText, minorDigits(form.currency))

/** What the further parts leave for the first one; negative when they are too much. */
export const restMinor = (form: EntryForm): number =>
  form.splits.reduce(
    (rest, split) => rest - (amountOf(split.amountText, minorDigits(form.currency)) ?? 0),
    amountIn(form) ?? 0,
  )

const sharesOf = (form: EntryForm, amountMinor: number): Readonly<Record<string, number>> | undefined => {
  if (form.paidBy === "" || form.sharedBy.length === 0) return {}
  const { shareTexts } = form
  if (shareTexts === undefined) return equalShares(amountMinor, form.sharedBy)
  const digits = minorDigits(form.currency)
  const shares = form.sharedBy.map(
    member => [member, amountOf(shareTexts[member] ?? "", digits) ?? 0] as const,
  )
  const sum = shares.reduce((total, [, minor]) => total + minor, 0)
  return sum === amountMinor ? Object.fromEntries(shares) : undefined
}

const ratePattern = /^\d{1,12}(?:\.\d{1,12})?$/

/** The entry that the form says, or what keeps it from being one. */
export const fieldsOfForm = (
  form: EntryForm,
  book: Book,
  familyCurrency: string,
): { readonly fields: EntryFields } | { readonly problem: FormProblem } => {
  const amountMinor = amountIn(form)
  if (amountMinor === undefined || amountMinor <= 0) return { problem: "amount" }
  if (amountMinor > 1_000_000_000_000) return { problem: "tooLarge" }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(form.date)) return { problem: "date" }
  const isTransfer = form.direction === "transfer"
  if (isTransfer && (form.account === "" || form.toAccount === "" || form.account === form.toAccount))
    return { problem: "accounts" }
  const rate = form.rate.replace(",", ".")
  if (rate !== "" && !(ratePattern.test(rate) && /[1-9]/.test(rate))) return { problem: "rate" }
  const rest = restMinor(form)
  const hasSplits = form.splits.length > 0 && !isTransfer
  const digits = minorDigits(form.currency)
  if (hasSplits && (rest < 0 || form.splits.some(split => (amountOf(split.amountText, digits) ?? 0) <= 0)))
    return { problem: "splits" }
  const shares = isTransfer ? {} : sharesOf(form, amountMinor)
  if (shares === undefined) return { problem: "shares" }
  const arrivesIn = currencyOf(book.accounts.get(form.toAccount), familyCurrency)
  const toAmountMinor =
    form.toAmountText === "" ? undefined : amountOf(form.toAmountText, minorDigits(arrivesIn))
  if (isTransfer && arrivesIn !== form.currency && toAmountMinor === undefined) return { problem: "toAmount" }
  const isNeutral = form.direction === "neutral"
  return {
    fields: {
      date: form.date,
      time: form.time,
      direction: form.direction,
      status: form.status,
      amountMinor,
      currency: form.currency,
      rate: rate === "" || !needsRate(form, book, familyCurrency) ? undefined : rate,
      account: form.account,
      toAccount: isTransfer ? form.toAccount : undefined,
      toAmountMinor: isTransfer && arrivesIn !== form.currency ? toAmountMinor : undefined,
      payee: form.payee.trim(),
      note: form.note.trim(),
      category: isTransfer ? "" : form.category,
      tags: form.tags,
      splits: hasSplits
        ? [
            { category: form.category, amountMinor: rest, note: "" },
            ...form.splits.map(({ category, amountText, note }) => ({
              category,
              amountMinor: amountOf(amountText, digits) ?? 0,
              note,
            })),
          ]
        : [],
      paidBy: isTransfer || form.paidBy === "" ? undefined : form.paidBy,
      shares: isNeutral && Object.keys(shares).length === 0 ? {} : shares,
    },
  }
}

/** The currency is neither the account's nor, where that is the same, the family's. */
export const needsRate = (form: EntryForm, book: Book, familyCurrency: string): boolean =>
  form.currency !== currencyOf(book.accounts.get(form.account), familyCurrency) ||
  form.currency !== familyCurrency
