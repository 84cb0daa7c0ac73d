import ShieldAlert from "lucide-solid/icons/shield-alert"
import { For, type JSX, Show, createResource } from "solid-js"
import { useT } from "../i18n/index.js"
import { type Power, hasTrustPage, trustPath } from "../platform/powers.js"
import { Drawn } from "../ui/icon.js"

/** What a person loses with each power but the first, which stands above them all. */
const lossOf = {
  keys: "insecure.keys",
  tabs: "insecure.tabs",
  offline: "insecure.offline",
  camera: "insecure.camera",
} as const

/** Opened over plain http: says what is missing and what to do, instead of failing somewhere behind. */
export function Insecure(props: { readonly missing: readonly Power[] }): JSX.Element {
  const t = useT()
  const [isExplained] = createResource(hasTrustPage, { initialValue: false })
  const isOverHttp = (): boolean => props.missing.includes("secure")
  const lost = (): readonly (keyof typeof lossOf)[] => props.missing.filter(power => power !== "secure")
  return (
    <main class="screen">
      <div class="empty">
        <Drawn icon={ShieldAlert} size="2.5rem" />
        <h1>{isOverHttp() ? t("insecure.title") : t("insecure.browser")}</h1>
        <div class="quiet missing-powers">
          <p>{isOverHttp() ? t("insecure.text") : t("insecure.browserText")}</p>
          <ul>
            <For each={lost()}>{power => <li>{t(lossOf[power])}</li>}</For>
          </ul>
          <Show when={isOverHttp()}>
            <p>{t("insecure.how")}</p>
          </Show>
        </div>
        <Show when={isOverHttp() && isExplained()}>
          {/* A page of the server's, not of the app's: loaded anew. */}
          <a class="button" data-kind="primary" href={trustPath} rel="external">
            {t("insecure.trust")}
          </a>
        </Show>
      </div>
    </main>
  )
}
