import { type Accessor, type JSX, createContext, createMemo, useContext } from "solid-js"
import type { Dictionary, English, MessageKey } from "./dictionary.js"
import { type Formats, createFormats } from "./format.js"
import type { Locale } from "./locale.js"
import { type NamesOf, type Values, fillMessage } from "./message.js"

type Arguments<Key extends MessageKey> = [NamesOf<English[Key]>] extends [never]
  ? []
  : [values: Values<NamesOf<English[Key]> & string>]

/** `t("money.add")`, `t("family.devices", { count: 3 })`: keys and names are checked by the compiler. */
export type Translate = <Key extends MessageKey>(key: Key, ...values: Arguments<Key>) => string

/** A language is a chunk of its own; only the one in use is loaded. */
export const loadDictionary = async (locale: Locale): Promise<Dictionary> =>
  locale === "en" ? (await import("./en/index.js")).english : (await import("./zh-cn/index.js")).chinese

export interface Language {
  readonly locale: Accessor<Locale>
  readonly t: Translate
  readonly formats: Accessor<Formats>
}

const LanguageContext = createContext<Language>()

/** Gives `t` and the formats to everything below; both follow when the language changes. */
export function LanguageProvider(props: {
  readonly locale: Locale
  readonly dictionary: Dictionary
  readonly children: JSX.Element
}): JSX.Element {
  const formats = createMemo(() => createFormats(props.locale))
  const rules = createMemo(() => new Intl.PluralRules(props.locale))
  const numbers = createMemo(() => new Intl.NumberFormat(props.locale))
  const t: Translate = (key, ...values) =>
    fillMessage(props.dictionary[key], values[0] ?? {}, rules(), numbers())
  return (
    <LanguageContext.Provider value={{ locale: () => props.locale, t, formats }}>
      {props.children}
    </LanguageContext.Provider>
  )
}

export const useLanguage = (): Language => {
  const language = useContext(LanguageContext)
  if (language === undefined) throw new Error("outside of LanguageProvider")
  return language
}

export const useT = (): Translate => useLanguage().t
