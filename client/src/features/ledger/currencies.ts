import { isCurrency } from "@home/shared/documents"

/** Currencies of many families; others are offered when a book or an entry has them. */
const common =
  "EUR CNY USD GBP CHF JPY HKD TWD KRW SGD AUD CAD NZD SEK NOK DKK PLN CZK HUF TRY INR THB MYR VND".split(" ")

/** As options, `first` on top. */
export const currencies = (
  first: readonly string[],
): readonly { readonly value: string; readonly label: string }[] =>
  [...new Set([...first.filter(isCurrency), ...common])].map(code => ({ value: code, label: code }))

/** What to offer where no currency was chosen yet: the one of the reader's country. */
export const likelyCurrency = (language: string): string => {
  const region = /-([A-Z]{2})\b/.exec(language)?.[1] ?? ""
  const byRegion: Readonly<Record<string, string>> = {
    CN: "CNY",
    US: "USD",
    GB: "GBP",
    CH: "CHF",
    JP: "JPY",
    HK: "HKD",
    TW: "TWD",
    KR: "KRW",
    SG: "SGD",
    AU: "AUD",
    CA: "CAD",
    NZ: "NZD",
    SE: "SEK",
    NO: "NOK",
    DK: "DKK",
    PL: "PLN",
    CZ: "CZK",
    HU: "HUF",
    TR: "TRY",
    IN: "INR",
    TH: "THB",
    MY: "MYR",
    VN: "VND",
  }
  return byRegion[region] ?? (language.startsWith("zh") ? "CNY" : "EUR")
}
