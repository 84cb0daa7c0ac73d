export type { MessageKey, PlainKey } from "./dictionary.js"
export { type Problem, explain } from "./explain.js"
export { type Formats, createFormats } from "./format.js"
export { scanTexts } from "./scan-texts.js"
export { type Locale, chooseLocale, isLocale, localeNames, locales } from "./locale.js"
export {
  type Language,
  type Translate,
  LanguageProvider,
  loadDictionary,
  useLanguage,
  useT,
} from "./language.js"
