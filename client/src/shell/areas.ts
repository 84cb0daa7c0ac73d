import type { RouteDefinition } from "@solidjs/router"
import House from "lucide-solid/icons/house"
import Settings from "lucide-solid/icons/settings"
import WalletCards from "lucide-solid/icons/wallet-cards"
import { lazy } from "solid-js"
import type { PlainKey } from "../i18n/index.js"
import type { Icon } from "../ui/icon.js"

/**
 * A part of the app with an address of its own and a place in the bar. Its routes stand in routes/: thin files that
 * give a feature's screens what `useHome` has, each a chunk that is loaded when it is opened.
 */
export interface Area {
  readonly path: string
  readonly label: PlainKey
  readonly icon: Icon
  readonly routes: RouteDefinition[]
}

/** What exists. An area that is not built has no line here, no button and no address. */
export const areas: readonly Area[] = [
  {
    path: "/money",
    label: "nav.money",
    icon: WalletCards,
    routes: [
      {
        path: "/",
        component: lazy(() => import("./routes/money.js")),
        children: [
          { path: "/", component: lazy(() => import("./routes/money-entries.js")) },
          { path: "/entry/:entry", component: lazy(() => import("./routes/money-entry.js")) },
          { path: "/accounts", component: lazy(() => import("./routes/money-accounts.js")) },
          { path: "/budgets", component: lazy(() => import("./routes/money-budgets.js")) },
          { path: "/reports", component: lazy(() => import("./routes/money-reports.js")) },
          { path: "/more", component: lazy(() => import("./routes/money-more.js")) },
          { path: "/recurring", component: lazy(() => import("./routes/money-recurring.js")) },
          { path: "/owes", component: lazy(() => import("./routes/money-owes.js")) },
          { path: "/categories", component: lazy(() => import("./routes/money-categories.js")) },
          { path: "/rules", component: lazy(() => import("./routes/money-rules.js")) },
          { path: "/import", component: lazy(() => import("./routes/money-import.js")) },
        ],
      },
    ],
  },
  {
    path: "/family",
    label: "nav.family",
    icon: House,
    routes: [
      { path: "/", component: lazy(() => import("./routes/family.js")) },
      { path: "/devices", component: lazy(() => import("./routes/devices.js")) },
      { path: "/log", component: lazy(() => import("./routes/access.js")) },
      { path: "/invite", component: lazy(() => import("./routes/invite.js")) },
      { path: "/circles", component: lazy(() => import("./routes/circles.js")) },
      { path: "/circles/new", component: lazy(() => import("./routes/new-circle.js")) },
      { path: "/circles/:circle", component: lazy(() => import("./routes/circle.js")) },
      { path: "/others", component: lazy(() => import("./routes/others.js")) },
      { path: "/others/card", component: lazy(() => import("./routes/our-card.js")) },
      { path: "/others/add", component: lazy(() => import("./routes/add-family.js")) },
      { path: "/others/:family", component: lazy(() => import("./routes/contact.js")) },
      { path: "/others/:family/share", component: lazy(() => import("./routes/new-share.js")) },
      { path: "/shares/:share", component: lazy(() => import("./routes/share.js")) },
      { path: "/box", component: lazy(() => import("./routes/box.js")) },
      { path: "/members/:member", component: lazy(() => import("./routes/member.js")) },
    ],
  },
  {
    path: "/settings",
    label: "nav.settings",
    icon: Settings,
    routes: [
      { path: "/", component: lazy(() => import("./routes/settings.js")) },
      { path: "/phrase", component: lazy(() => import("./routes/phrase.js")) },
    ],
  },
]
