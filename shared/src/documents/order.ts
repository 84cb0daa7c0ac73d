const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const digitAt = (text: string, index: number): number => Math.max(0, digits.indexOf(text[index] ?? "0"))

/**
 * A text that sorts (by code units) between two others; `undefined` is before the first or after the last. What
 * orders checklists: moving an item writes one register. Two members who insert at one place make the same text;
 * ties go by id. `before >= after` cannot be between: then the text sorts right behind `before`.
 */
export const orderBetween = (before: string | undefined, after: string | undefined): string => {
  const low = before ?? ""
  const high = after !== undefined && after > low ? after : undefined
  let prefix = ""
  let bounded = high !== undefined
  for (let index = 0; ; index++) {
    const from = digitAt(low, index)
    const to = bounded && high !== undefined ? digitAt(high, index) : digits.length
    if (to - from > 1) return prefix + (digits[Math.floor((from + to) / 2)] ?? "")
    prefix += digits[from] ?? ""
    if (to > from) bounded = false
  }
}
