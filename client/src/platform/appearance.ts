import { type Accessor, createSignal } from "solid-js"
import { type Locale, chooseLocale, isLocale } from "../i18n/locale.js"

export const themes = ["system", "light", "dark"] as const
export const contrasts = ["system", "more"] as const
export const textSizes = ["normal", "large", "larger"] as const

/** What one person wants on one device; it stays here and is never sent. */
export interface Appearance {
  readonly theme: (typeof themes)[number]
  readonly contrast: (typeof contrasts)[number]
  readonly text: (typeof textSizes)[number]
  readonly locale: Locale
}

/** public/appearance.js reads the same entry before the first paint. */
const storageKey = "home:appearance"

const oneOf = <Value extends string>(values: readonly [Value, ...Value[]], value: unknown): Value =>
  values.find(known => known === value) ?? values[0]

/** Whatever lies in storage -> a whole appearance; what is missing or unknown is as the system says. */
export const parseAppearance = (text: string | null, languages: readonly string[]): Appearance => {
  let stored: Readonly<Record<string, unknown>> = {}
  try {
    stored = { ...(JSON.parse(text ?? "{}") as object) }
  } catch {
    // Not ours: the system's choice stands.
    stored = {}
  }
  return {
    theme: oneOf(themes, stored["theme"]),
    contrast: oneOf(contrasts, stored["contrast"]),
    text: oneOf(textSizes, stored["text"]),
    locale: isLocale(stored["locale"]) ? stored["locale"] : chooseLocale(languages),
  }
}

const read = (): Appearance => {
  let text: string | null = null
  try {
    text = localStorage.getItem(storageKey)
  } catch {
    // A browser without storage for this page.
    text = null
  }
  return parseAppearance(text, navigator.languages)
}

const show = ({ theme, contrast, text, locale }: Appearance): void => {
  Object.assign(document.documentElement.dataset, { theme, contrast, text })
  document.documentElement.lang = locale
}

const [current, setCurrent] = createSignal(read())

export const appearance: Accessor<Appearance> = current

export const startAppearance = (): void => show(current())

export const changeAppearance = (change: Partial<Appearance>): void => {
  const next = setCurrent({ ...current(), ...change })
  show(next)
  try {
    localStorage.setItem(storageKey, JSON.stringify(next))
  } catch {
    // It holds until the page is closed.
  }
}
