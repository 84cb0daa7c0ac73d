import { type Result, err, ok } from "../base/index.js"
import { minorDigits } from "./currency.js"

export type MoneyError =
  | { readonly type: "NotAnAmount" }
  /** More digits behind the point than the currency has: rounding would invent an amount. */
  | { readonly type: "TooPrecise"; readonly digits: number }
  | { readonly type: "TooLarge" }

const signs = /^[-+−]|[-+−]$/
/** Currency signs and codes, at either end; spaces of all kinds and apostrophes group digits in some countries. */
const around = /^(?:[A-Z]{3}|[^\d.,\-+−\s]{1,3})\s*|\s*(?:[A-Z]{3}|[^\d.,\-+−\s]{1,3})$/gu
const grouping = /[\s'’_]/gu

/**
 * "1,234.56", "¥28.16", "1.234,56 €", "-12" -> minor units, exactly. The last of "." and "," is the decimal point;
 * a single separator is one unless exactly three digits follow a "," and the currency has no third digit
 * ("1,234" is one thousand; "1.234" with two digits is refused as too precise). `decimal` settles it where the
 * file's format is known.
 */
export const parseAmount = (
  text: string,
  currency: string,
  decimal?: "." | ",",
): Result<number, MoneyError> => {
  const trimmed = text.trim()
  const unsigned = trimmed.replace(signs, "").trim().replace(around, "").replace(grouping, "")
  const sign = signs.exec(trimmed) ?? signs.exec(unsigned)
  const digitsOnly = unsigned.replace(signs, "")
  const point = decimal ?? decimalPointOf(digitsOnly, minorDigits(currency))
  const group = point === "." ? "," : "."
  const [whole = "", fraction = "", ...more] = digitsOnly.split(point)
  const groups = whole.split(group)
  // Thousands, lakhs (12,34,567) and ten thousands: inner groups of two to four digits, the last of three or four.
  const wellGrouped =
    groups.length === 1 ||
    (groups.slice(1, -1).every(part => /^\d{2,4}$/.test(part)) && /^\d{3,4}$/.test(groups.at(-1) ?? ""))
  const integer = groups.join("")
  if (more.length > 0 || !wellGrouped || !/^\d*$/.test(integer) || !/^\d*$/.test(fraction))
    return err({ type: "NotAnAmount" })
  if (integer === "" && fraction === "") return err({ type: "NotAnAmount" })
  const digits = minorDigits(currency)
  const significant = fraction.replace(/0+$/, "")
  if (significant.length > digits) return err({ type: "TooPrecise", digits: significant.length })
  const minor = Number(integer + significant.padEnd(digits, "0"))
  if (!Number.isSafeInteger(minor)) return err({ type: "TooLarge" })
  return ok(minor === 0 || sign === null || sign[0] === "+" ? minor : -minor)
}

const decimalPointOf = (text: string, digits: number): "." | "," => {
  const comma = text.lastIndexOf(",")
  const point = text.lastIndexOf(".")
  if (comma === -1) return text.indexOf(".") === point ? "." : ","
  if (point !== -1) return comma > point ? "," : "."
  const many = text.indexOf(",") !== comma
  const behind = text.length - comma - 1
  return many || (behind === 3 && digits < 3) ? "." : ","
}

/** Minor units as a plain decimal number: 2816 CNY -> "28.16". What exports write. */
export const formatMinor = (amountMinor: number, currency: string): string => {
  const digits = minorDigits(currency)
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, "0")
  const sign = amountMinor < 0 ? "-" : ""
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** For people: in the reader's language, with the currency's sign. Exact: the decimal string goes to Intl, not a double. */
export const formatMoney = (amountMinor: number, currency: string, locale: string): string =>
  new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: minorDigits(currency),
    maximumFractionDigits: minorDigits(currency),
  }).format(formatMinor(amountMinor, currency) as Intl.StringNumericLiteral)

/** A rate as it is kept: a positive decimal such as "7.1234", at most 12 digits on either side of the point. */
export const isRate = (text: string): boolean => /^\d{1,12}(?:\.\d{1,12})?$/.test(text) && /[1-9]/.test(text)

/**
 * `amountMinor` of `from` in minor units of `to`, where one unit of `from` is worth `rate` units of `to`.
 * Exact in integers, rounded once at the end, half away from zero (what banks' statements do).
 */
export const convert = (amountMinor: number, from: string, rate: string, to: string): number => {
  if (!isRate(rate)) throw new RangeError("not a rate")
  const [whole = "", fraction = ""] = rate.split(".")
  const shift = minorDigits(to) - minorDigits(from) - fraction.length
  const scaled = BigInt(amountMinor) * BigInt(whole + fraction)
  if (shift >= 0) return Number(scaled * 10n ** BigInt(shift))
  const unit = 10n ** BigInt(-shift)
  const magnitude = scaled < 0n ? -scaled : scaled
  const rounded = (2n * magnitude + unit) / (2n * unit)
  return Number(scaled < 0n ? -rounded : rounded)
}
