import House from "lucide-solid/icons/house"
import TriangleAlert from "lucide-solid/icons/triangle-alert"
import { type JSX, ErrorBoundary } from "solid-js"
import { useT } from "../i18n/index.js"
import { Button } from "../ui/button.js"
import { EmptyState } from "../ui/pieces.js"
import { Screen } from "../ui/screen.js"

/**
 * Keeps a broken screen from taking the rest with it. Shows and writes nothing of the error: a message may hold what
 * somebody wrote.
 */
export function ScreenBoundary(props: { readonly children: JSX.Element }): JSX.Element {
  const t = useT()
  return (
    <ErrorBoundary
      fallback={(error: unknown, reset) => {
        // The kind alone, for whoever looks into the console; never the message.
        console.error("a screen failed:", error instanceof Error ? error.name : typeof error)
        return (
          <EmptyState
            icon={TriangleAlert}
            title={t("error.title")}
            action={
              <span class="cluster">
                <Button kind="primary" onClick={reset}>
                  {t("error.again")}
                </Button>
                <Button onClick={() => location.reload()}>{t("error.reload")}</Button>
              </span>
            }
          >
            {t("error.text")}
          </EmptyState>
        )
      }}
    >
      {props.children}
    </ErrorBoundary>
  )
}

export function MissingScreen(): JSX.Element {
  const t = useT()
  return (
    <Screen title={t("missing.title")}>
      <EmptyState icon={House} title={t("missing.text")} action={<a href="/">{t("missing.home")}</a>} />
    </Screen>
  )
}
