// ISO 4217, amendment 176. Not from Intl: engines disagree (ICU says 0 digits for LBP, MMK, IRR and others), and
// two devices that disagree on the digits of a currency disagree on every amount in it.
const digitsByCurrency: ReadonlyMap<string, number> = new Map([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    .split(" ")
    .map(code => [code, 0] as const),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map(code => [code, 3] as const),
  ..."CLF UYW".split(" ").map(code => [code, 4] as const),
])

/** An ISO 4217 code by its form; unknown ones are allowed, for currencies come and go. */
export const isCurrency = (code: string): boolean => /^[A-Z]{3}$/.test(code)

/** How many digits the minor unit has: EUR 2, JPY 0, KWD 3. */
export const minorDigits = (currency: string): number => digitsByCurrency.get(currency) ?? 2
