/** The languages that are complete. */
export const locales = ["en", "zh-CN"] as const
export type Locale = (typeof locales)[number]

/** How each language calls itself: what a person looks for who cannot read the one that is set. */
export const localeNames: Readonly<Record<Locale, string>> = { en: "English", "zh-CN": "简体中文" }

/** The first of the wanted languages (BCP 47, in order of preference) that is there; English when none is. */
export const chooseLocale = (wanted: readonly string[]): Locale => {
  for (const tag of wanted) {
    const [language] = tag.toLowerCase().split("-")
    if (language === "zh") return "zh-CN"
    if (language === "en") return "en"
  }
  return "en"
}

export const isLocale = (text: unknown): text is Locale => locales.some(locale => locale === text)
