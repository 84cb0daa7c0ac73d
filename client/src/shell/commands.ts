import { useNavigate } from "@solidjs/router"
import CalendarDays from "lucide-solid/icons/calendar-days"
import ChartColumn from "lucide-solid/icons/chart-column"
import CircleDashed from "lucide-solid/icons/circle-dashed"
import CloudCheck from "lucide-solid/icons/cloud-check"
import Download from "lucide-solid/icons/download"
import FileInput from "lucide-solid/icons/file-input"
import HandCoins from "lucide-solid/icons/hand-coins"
import Handshake from "lucide-solid/icons/handshake"
import HardDrive from "lucide-solid/icons/hard-drive"
import Landmark from "lucide-solid/icons/landmark"
import Languages from "lucide-solid/icons/languages"
import LayoutGrid from "lucide-solid/icons/layout-grid"
import Lock from "lucide-solid/icons/lock"
import MonitorSmartphone from "lucide-solid/icons/monitor-smartphone"
import PiggyBank from "lucide-solid/icons/piggy-bank"
import Plus from "lucide-solid/icons/plus"
import Printer from "lucide-solid/icons/printer"
import Repeat from "lucide-solid/icons/repeat"
import Search from "lucide-solid/icons/search"
import Sparkles from "lucide-solid/icons/sparkles"
import SunMoon from "lucide-solid/icons/sun-moon"
import UserPlus from "lucide-solid/icons/user-plus"
import { type Accessor, createMemo } from "solid-js"
import { type PlainKey, localeNames, locales, useLanguage } from "../i18n/index.js"
import { appearance, changeAppearance } from "../platform/appearance.js"
import { canInstall, install } from "../platform/installing.js"
import type { Icon } from "../ui/icon.js"
import type { PaletteCommand } from "../ui/palette.js"
import { areas } from "./areas.js"
import { useHome } from "./home.js"

/** How many months back can be gone to by name. */
const monthsBack = 36

interface Place {
  readonly href: string
  readonly label: PlainKey
  readonly icon: Icon
  readonly keys?: string
}

const places: readonly Place[] = [
  { href: "/money?add", label: "palette.addEntry", icon: Plus, keys: "n" },
  { href: "/money/accounts", label: "money.tab.accounts", icon: Landmark, keys: "g a" },
  { href: "/money/budgets", label: "money.tab.budgets", icon: PiggyBank, keys: "g b" },
  { href: "/money/reports", label: "money.tab.reports", icon: ChartColumn, keys: "g r" },
  { href: "/money/recurring", label: "money.recurring", icon: Repeat },
  { href: "/money/owes", label: "money.owes", icon: HandCoins },
  { href: "/money/categories", label: "money.categories", icon: LayoutGrid },
  { href: "/money/rules", label: "money.rules", icon: Sparkles },
  { href: "/money/import", label: "money.import.title", icon: FileInput },
  { href: "/money/more", label: "palette.exportEntries", icon: Download },
  { href: "/family/devices", label: "devices.title", icon: CloudCheck, keys: "g d" },
  { href: "/family/invite?for=me", label: "family.addDevice", icon: MonitorSmartphone },
  { href: "/family/circles", label: "circles.title", icon: CircleDashed },
  { href: "/family/others", label: "others.title", icon: Handshake },
]
const adminPlaces: readonly Place[] = [
  { href: "/family/invite", label: "family.addSomebody", icon: UserPlus },
  { href: "/family/box", label: "family.addBox", icon: HardDrive },
]
const areaKeys: Readonly<Record<string, string>> = {
  "/money": "g m",
  "/family": "g f",
  "/settings": "g s",
}

const themes = [
  ["system", "settings.themeSystem"],
  ["light", "settings.themeLight"],
  ["dark", "settings.themeDark"],
] as const

const lastMonths = (now: Date): readonly string[] =>
  Array.from({ length: monthsBack }, (_, back) => {
    const month = new Date(Date.UTC(now.getFullYear(), now.getMonth() - back, 1))
    return month.toISOString().slice(0, 7)
  })

/** What can be done from everywhere: the same words as on the buttons that do it. */
export const useCommands = (): {
  readonly all: Accessor<readonly PaletteCommand[]>
  readonly forQuery: (query: string) => readonly PaletteCommand[]
} => {
  const { t, formats } = useLanguage()
  const home = useHome()
  const navigate = useNavigate()
  const go = ({ href, label, icon, keys }: Place): PaletteCommand => ({
    id: href,
    label: t(label),
    icon,
    keys,
    run: () => navigate(href),
  })
  // Fetched when it is used: what a filter is belongs to Money, not to the shell.
  const openMonth = (month: string): void =>
    void import("./shown-filter.js").then(({ showMonth }) => showMonth(month)).then(() => navigate("/money"))
  const searchFor = (text: string): void =>
    void import("./shown-filter.js").then(({ showText }) => showText(text)).then(() => navigate("/money"))
  const all = createMemo((): readonly PaletteCommand[] => [
    ...places.slice(0, 1).map(go),
    ...areas.map(({ path, label, icon }) => go({ href: path, label, icon, ...keysOf(path) })),
    ...places.slice(1).map(go),
    ...(home.self().role === "admin" ? adminPlaces.map(go) : []),
    ...(canInstall()
      ? [{ id: "install", label: t("first.install"), icon: Download, run: () => void install() }]
      : []),
    { id: "print", label: t("palette.print"), icon: Printer, run: () => print() },
    { id: "lock", label: t("settings.lockNow"), icon: Lock, run: () => void home.calls.lock({}) },
    ...themes
      .filter(([theme]) => theme !== appearance().theme)
      .map(([theme, name]) => ({
        id: `theme ${theme}`,
        label: `${t("settings.theme")}: ${t(name)}`,
        icon: SunMoon,
        run: () => changeAppearance({ theme }),
      })),
    ...locales
      .filter(locale => locale !== appearance().locale)
      .map(locale => ({
        id: `language ${locale}`,
        // In the language itself: whoever looks for it may not read the one that is set.
        label: `${t("settings.language")}: ${localeNames[locale]}`,
        words: "language 语言",
        icon: Languages,
        run: () => changeAppearance({ locale }),
      })),
    ...lastMonths(new Date()).map(month => ({
      id: `month ${month}`,
      label: t("palette.month", { month: formats().month(month) }),
      words: month,
      icon: CalendarDays,
      run: () => openMonth(month),
    })),
  ])
  return {
    all,
    forQuery: query => [
      {
        id: "search",
        label: t("palette.searchEntries", { text: query }),
        icon: Search,
        run: () => searchFor(query),
      },
    ],
  }
}

const keysOf = (path: string): { readonly keys?: string } => {
  const keys = areaKeys[path]
  return keys === undefined ? {} : { keys }
}
