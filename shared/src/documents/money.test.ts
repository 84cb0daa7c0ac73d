import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { minorDigits } from "./currency.js"
import { convert, formatMinor, formatMoney, isRate, parseAmount } from "./money.js"

const minor = (text: string, currency: string, decimal?: "." | ",") => {
  const result = parseAmount(text, currency, decimal)
  return result.ok ? result.value : result.error.type
}

describe("currencies", () => {
  it("[D20] the digits of a currency are ISO 4217's on every engine", () => {
    expect(["EUR", "CNY", "JPY", "KRW", "KWD", "TND", "CLF", "LBP", "XYZ"].map(minorDigits)).toEqual([
      2, 2, 0, 0, 3, 3, 4, 2, 2,
    ])
  })
})

describe("amounts", () => {
  it.each([
    ["1,234.56", "EUR", 123456],
    ["¥28.16", "CNY", 2816],
    ["￥28.16", "CNY", 2816],
    ["1.234,56 €", "EUR", 123456],
    ["EUR 12", "EUR", 1200],
    ["-12.5", "EUR", -1250],
    ["12.50-", "EUR", -1250],
    ["+3", "JPY", 3],
    ["1,234", "JPY", 1234],
    ["1,234", "EUR", 123400],
    ["12,5", "EUR", 1250],
    ["1'234.50", "CHF", 123450],
    ["1 234,50", "EUR", 123450],
    ["1.234.567", "EUR", 123456700],
    ["1.23.45", "EUR", "NotAnAmount"],
    ["12,34,567.89", "INR", 123456789],
    ["0.125", "KWD", 125],
    ["1,125", "KWD", 1125],
    ["0.1250", "KWD", 125],
    [".5", "EUR", 50],
    ["0", "EUR", 0],
    ["-0.00", "EUR", 0],
    ["1.005", "EUR", "TooPrecise"],
    ["1.5", "JPY", "TooPrecise"],
    ["", "EUR", "NotAnAmount"],
    ["€", "EUR", "NotAnAmount"],
    ["1.2.3", "EUR", "NotAnAmount"],
    ["12e3", "EUR", "NotAnAmount"],
    ["99999999999999999", "EUR", "TooLarge"],
  ])("[D21] %s %s is %s", (text, currency, expected) => {
    expect(minor(text, currency)).toBe(expected)
  })

  it("[D21] the decimal point can be told", () => {
    expect(minor("1.234", "KWD", ",")).toBe(1234000)
    expect(minor("1,234", "KWD", ".")).toBe(1234000)
  })

  it("[D21] what is written out is read back, in every number of digits", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.constantFrom("JPY", "EUR", "KWD", "CLF"),
        (amount, currency) => {
          expect(minor(formatMinor(amount, currency), currency, ".")).toBe(amount)
        },
      ),
    )
  })

  it("[D21] people see the exact amount in their language", () => {
    expect(formatMoney(123456, "EUR", "en")).toBe("€1,234.56")
    expect(formatMoney(-900719925474099, "KWD", "en").replace(/\s/g, " ")).toBe("-KWD 900,719,925,474.099")
    expect(formatMoney(2816, "CNY", "zh-CN")).toBe("¥28.16")
  })
})

describe("rates", () => {
  it.each([
    [10000, "USD", "7.1234", "CNY", 71234],
    [10000, "USD", "149.505", "JPY", 14951],
    [1, "JPY", "0.0066885", "EUR", 1],
    [100, "KWD", "3.25", "USD", 33],
    [-100, "KWD", "3.25", "USD", -33],
    [5, "USD", "0.5", "EUR", 3],
    [-5, "USD", "0.5", "EUR", -3],
    [100, "EUR", "0.308", "KWD", 308],
  ])("[D22] %s minor %s at %s are %s minor units", (amount, from, rate, to, expected) => {
    expect(convert(amount, from, rate, to)).toBe(expected)
  })

  it("[D22] a rate is a positive decimal, nothing else", () => {
    expect(["1", "7.1234", "0.000001"].every(isRate)).toBe(true)
    expect(["0", "0.0", "-1", "1e3", "", ".", "1.", "1,5", "NaN", "1".repeat(13)].some(isRate)).toBe(false)
  })

  it("[D22] converting errs by at most half a minor unit, and knows no floating point", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.integer({ min: 1, max: 1e9 }),
        (amount, scaled) => {
          const rate = `${Math.floor(scaled / 1e6)}.${String(scaled % 1e6).padStart(6, "0")}`
          const error =
            BigInt(convert(amount, "EUR", rate, "USD")) * 1_000_000n - BigInt(amount) * BigInt(scaled)
          expect(error <= 500_000n && error >= -500_000n).toBe(true)
        },
      ),
    )
  })
})
