import { formatMinor, parseAmount } from "../money.js"
import type { Remark } from "../remark.js"

interface Total {
  readonly count: number
  readonly amountMinor: number
}

/** A line of the provider's own summary; without a name it counts all rows. */
export interface StatedTotal extends Partial<Total> {
  readonly name: string
  readonly count: number
}

/** "共66笔记录", "支出：63笔 16.54元"; `undefined` for other lines. */
export const readStatedTotal = (line: string): StatedTotal | undefined => {
  if (line.length > 200) return undefined
  const text = line.replace(/[,\s]+$/, "").trim()
  const all = /^共(\d{1,9})笔(?:记录)?$/.exec(text)
  if (all !== null) return { name: "", count: Number(all[1]) }
  const one = /^(收入|支出|不计收支|中性交易|其他)[：:]\s*(\d{1,9})笔[,，\s]*([\d.,]+)元$/.exec(text)
  const amount = one === null ? undefined : parseAmount((one[3] ?? "").slice(0, 40), "CNY", ".")
  return one === null || amount?.ok !== true
    ? undefined
    : { name: one[1] ?? "", count: Number(one[2]), amountMinor: amount.value }
}

export interface Totals {
  add(flow: string, amountMinor: number): void
  /** By the cell as it stood; an empty one is "(empty)". */
  sums(): Readonly<Record<string, Total>>
}

export const createTotals = (): Totals => {
  const totalByFlow = new Map<string, Total>()
  return {
    add: (flow, amountMinor) => {
      const name = flow === "" ? "(empty)" : flow.slice(0, 20)
      const before = totalByFlow.get(name) ?? { count: 0, amountMinor: 0 }
      totalByFlow.set(name, { count: before.count + 1, amountMinor: before.amountMinor + amountMinor })
    },
    sums: () => Object.fromEntries(totalByFlow),
  }
}

const yuan = (minor: number): string => formatMinor(minor, "CNY")

/** The rows that are neither income nor expense have had three names: 不计收支, 中性交易, 其他. */
const kindOf = (name: string): string =>
  name === "支出" || name === "收入" || name === "" ? name : "neutral"

/** One warning for each stated total that the rows do not give, with both numbers. */
export const compareTotals = (stated: readonly StatedTotal[], totals: Totals): readonly Remark[] => {
  const read = new Map<string, Total>()
  for (const [flow, total] of Object.entries(totals.sums())) {
    for (const name of ["", kindOf(flow)]) {
      const before = read.get(name) ?? { count: 0, amountMinor: 0 }
      read.set(name, {
        count: before.count + total.count,
        amountMinor: before.amountMinor + total.amountMinor,
      })
    }
  }
  return stated.flatMap(({ name, count, amountMinor }): readonly Remark[] => {
    const rows = read.get(kindOf(name)) ?? { count: 0, amountMinor: 0 }
    if (rows.count === count && (amountMinor === undefined || rows.amountMinor === amountMinor)) return []
    if (amountMinor === undefined) return [{ code: "OtherCount", stated: count, read: rows.count }]
    const [statedAmount, readAmount] = [yuan(amountMinor), yuan(rows.amountMinor)]
    return [{ code: "OtherTotal", kind: name, stated: count, statedAmount, read: rows.count, readAmount }]
  })
}
