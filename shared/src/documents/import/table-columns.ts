import { type TableDateOrder, parseTableDate } from "./table-dates.js"

export const tableColumns = [
  "date",
  "time",
  "amount",
  "debit",
  "credit",
  "direction",
  "payee",
  "note",
  "currency",
  "category",
] as const
export type TableColumn = (typeof tableColumns)[number]
export type TableColumns = Readonly<Partial<Record<TableColumn, number>>>

/** Names of columns in banks' files, lower case, without spaces; the first that fits counts, a whole name before a part. */
const namesByColumn: Readonly<Record<TableColumn, string>> = {
  date: "交易日期 交易时间 buchungstag buchungsdatum transactiondate bookingdate postingdate dateposted posteddate completeddate 记账日期 入账日期 日期 date datum valutadatum valuta wertstellung fecha data",
  time: "交易时间 time uhrzeit 时间",
  amount:
    "交易金额 金额 amount transactionamount betrag umsatz montant importe importo 人民币金额 value bedrag",
  debit:
    "借方发生额 借方金额 支出金额 记账金额(支出) 支出 借方 debit debitamount withdrawal withdrawals withdrawalamount paidout moneyout soll lastschrift ausgabe ausgaben débit cargo",
  credit:
    "贷方发生额 贷方金额 收入金额 存入金额 记账金额(收入) 收入 贷方 credit creditamount deposit deposits depositamount paidin moneyin haben gutschrift einnahme einnahmen crédit abono",
  direction:
    "收/支 借贷标志 借贷 收支 dr/cr cr/dr credit/debit debit/credit soll/haben direction transactiontype type",
  payee:
    "交易对方 对方户名 对方户名称 对手信息 商户名称 交易场所 交易地点 payee merchant beneficiary counterparty begünstigter/zahlungspflichtiger beguenstigter/zahlungspflichtiger auftraggeber/empfänger zahlungsempfänger zahlungsbeteiligter empfänger name description transactiondescription libellé concepto omschrijving",
  note: "摘要 交易摘要 交易说明 附言 交易附言 备注 用途 memo note notes verwendungszweck purpose reference details narrative buchungstext",
  currency: "币种 货币 交易币种 记账币种 currency ccy währung waehrung devise divisa moneda",
  category: "交易分类 分类 category kategorie catégorie categoría",
}

const plainName = (cell: string): string =>
  cell
    .toLowerCase()
    .replaceAll(/[\s"*]/g, "")
    .replaceAll("（", "(")
    .replaceAll("）", ")")

/** Columns by their names in a header row. A column has one meaning: the first that claims it. */
export const columnsByName = (cells: readonly string[]): TableColumns => {
  const names = cells.map(plainName)
  const columns: Partial<Record<TableColumn, number>> = {}
  const free = (at: number): boolean => at >= 0 && !Object.values(columns).includes(at)
  for (const fits of [
    (name: string, wanted: string) => name === wanted,
    (name: string, wanted: string) => name.startsWith(wanted) && wanted.length >= 4,
  ])
    for (const column of tableColumns) {
      if (columns[column] !== undefined) continue
      const at = namesByColumn[column]
        .split(" ")
        .map(wanted => names.findIndex((name, index) => free(index) && fits(name, wanted)))
        .find(free)
      if (at !== undefined) columns[column] = at
    }
  // Where each side has a column, a third one is the same amount in another currency, or a balance.
  if (columns.debit !== undefined && columns.credit !== undefined) delete columns.amount
  return columns
}

/** A row that can head a table: it names a day, and an amount or both its sides. */
export const isHeader = (columns: TableColumns): boolean =>
  columns.date !== undefined &&
  (columns.amount !== undefined || (columns.debit !== undefined && columns.credit !== undefined))

const amountPattern =
  /^[-+−(]?\s*(?:[A-Z]{3}|[¥￥$€£])?\s*\d[\d.,'\s]*\)?(?:\s?(?:[A-Z]{2,3}|[¥￥$€£]))?[-+]?$/

export const isAmountCell = (cell: string): boolean =>
  amountPattern.test(cell) && /\d/.test(cell) && cell.length <= 40

/** Columns of a file without names, by what stands in them; the first row must look like all others. */
export const columnsByContent = (
  rows: readonly (readonly string[])[],
  order: TableDateOrder,
): TableColumns => {
  const width = Math.max(0, ...rows.map(cells => cells.length))
  const share = (at: number, holds: (cell: string) => boolean): number =>
    rows.filter(cells => holds(cells[at] ?? "")).length / Math.max(1, rows.length)
  const all = Array.from({ length: width }, (_, at) => at)
  const isDay = (cell: string): boolean => parseTableDate(cell, order) !== undefined
  const date = all.find(at => share(at, isDay) > 0.9)
  if (date === undefined) return {}
  const numbers = all.filter(
    at =>
      at !== date &&
      share(at, cell => cell === "" || isAmountCell(cell)) > 0.95 &&
      share(at, isAmountCell) > 0,
  )
  const text = all
    .filter(at => at !== date && !numbers.includes(at))
    .sort((a, b) => distinct(rows, b) - distinct(rows, a))[0]
  // Two columns of which each row fills one are money out and money in; what is full beside them is a balance.
  const [one, two] = numbers.filter(at => share(at, isAmountCell) < 1)
  const exclusive =
    one !== undefined &&
    two !== undefined &&
    rows.every(cells => (cells[one] ?? "") === "" || (cells[two] ?? "") === "")
  const payee = text === undefined ? {} : { payee: text }
  if (exclusive) return { date, debit: one, credit: two, ...payee }
  const amount = numbers.find(at => share(at, isAmountCell) === 1)
  return amount === undefined ? { date } : { date, amount, ...payee }
}

const distinct = (rows: readonly (readonly string[])[], at: number): number =>
  new Set(rows.map(cells => cells[at] ?? "")).size
