/** What a keypad can be told. */
export const keypadKeys = [
  "0",
  "1",
  "2",
  "3",
  "4",
  "5",
  "6",
  "7",
  "8",
  "9",
  "00",
  ".",
  "+",
  "-",
  "erase",
] as const
export type KeypadKey = (typeof keypadKeys)[number]

export const isKeypadKey = (text: string): text is KeypadKey => keypadKeys.some(key => key === text)

/** 15 digits stay exact in minor units. */
const longestNumber = 12

/** The text after one more key: what would not be a sum of amounts is not taken. */
export const pressKey = (text: string, key: KeypadKey, digits: number): string => {
  if (key === "erase") return text.slice(0, -1)
  const last = /[\d.]*$/.exec(text)?.[0] ?? ""
  if (key === "+" || key === "-") {
    // Another sign replaces the one that was just typed.
    if (last === "") return text === "" ? text : text.slice(0, -1) + key
    return text + key
  }
  if (key === ".") {
    if (digits === 0 || last.includes(".")) return text
    return text + (last === "" ? "0." : ".")
  }
  const [whole = "", fraction] = last.split(".")
  if (fraction === undefined) {
    if (whole.length + key.length > longestNumber) return text
    if (whole === "0") return text.slice(0, -1) + (key === "00" ? "0" : key)
    return whole === "" && key === "00" ? `${text}0` : text + key
  }
  return text + key.slice(0, Math.max(0, digits - fraction.length))
}

/**
 * What has been typed, in minor units: "12.5+3" with 2 digits -> 1550. `undefined` while there is no number.
 * A sign at the end waits for its number and counts nothing. Integers throughout: money is never a float.
 */
export const amountOf = (text: string, digits: number): number | undefined => {
  const terms = [...text.matchAll(/([+-]?)(\d+)(?:\.(\d*))?/g)]
  if (terms.length === 0) return undefined
  const scale = 10 ** digits
  return terms.reduce((sum, [, sign, whole = "0", fraction = ""]) => {
    const minor = Number(whole) * scale + Number(fraction.slice(0, digits).padEnd(digits, "0") || "0")
    return sign === "-" ? sum - minor : sum + minor
  }, 0)
}

/** Minor units as the keypad would have typed them: 1550 with 2 digits -> "15.50". */
export const textOfAmount = (amountMinor: number, digits: number): string => {
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, "0")
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}
