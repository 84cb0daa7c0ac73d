import TriangleAlert from "lucide-solid/icons/triangle-alert"
import type { JSX } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { EmptyState } from "../../ui/pieces.js"

/** The engine does not start: usually a private window or a full disk. */
export default function FailedRoute(): JSX.Element {
  const t = useT()
  return (
    <main class="screen">
      <EmptyState
        icon={TriangleAlert}
        title={t("failed.title")}
        action={
          <Button kind="primary" onClick={() => location.reload()}>
            {t("error.reload")}
          </Button>
        }
      >
        {t("failed.text")}
      </EmptyState>
    </main>
  )
}
