import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type KeypadKey, amountOf, keypadKeys, pressKey, textOfAmount } from "./amount.js"

const type = (keys: string, digits = 2): string =>
  [...keys].reduce((text, key) => pressKey(text, key as KeypadKey, digits), "")

describe("the keypad's text", () => {
  it("takes amounts and their sums", () => {
    expect(type("12.5+3")).toBe("12.5+3")
    expect(amountOf("12.5+3", 2)).toBe(1550)
    expect(amountOf("20-7.25", 2)).toBe(1275)
    expect(amountOf("5+", 2)).toBe(500)
    expect(amountOf("", 2)).toBeUndefined()
  })

  it("takes nothing that is no amount", () => {
    expect(type("1..2.3")).toBe("1.23")
    expect(type("1.234")).toBe("1.23")
    expect(type("007")).toBe("7")
    expect(type("+5")).toBe("5")
    expect(type("5+-3")).toBe("5-3")
    expect(type("1.5", 0)).toBe("15")
    expect(type(".5")).toBe("0.5")
    expect(pressKey("", "00", 2)).toBe("0")
    expect(pressKey("12", "erase", 2)).toBe("1")
  })

  it("is always exact: whatever is pressed, the sum is a whole number of minor units", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...keypadKeys), { maxLength: 40 }),
        fc.constantFrom(0, 2, 3),
        (keys, digits) => {
          const text = keys.reduce((before, key) => pressKey(before, key, digits), "")
          const amount = amountOf(text, digits)
          expect(amount === undefined || Number.isSafeInteger(amount)).toBe(true)
        },
      ),
    )
  })

  it("writes an amount as it would have been typed", () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 12 }), fc.constantFrom(0, 2, 3), (amount, digits) => {
        expect(amountOf(textOfAmount(amount, digits), digits)).toBe(amount)
      }),
    )
  })
})
