import Download from "lucide-solid/icons/download"
import { type JSX, Show, createSignal } from "solid-js"
import type { Result } from "@home/shared/base"
import type { Calls, NotOpen } from "../../engine/port.js"
import { explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Dialog } from "../../ui/overlay.js"
import { List, Note, Row } from "../../ui/pieces.js"
import { Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { Drawn } from "../../ui/icon.js"

/** How many files were saved, and how many have not come to this device. */
export type Exported = Result<{ readonly count: number; readonly missing: number }, NotOpen>

/** The two proofs that the data is the family's own: take all of it along, and leave nothing behind. */
export function Yours(props: {
  readonly isAlone: boolean
  readonly calls: Pick<Calls, "eraseEverything">
  readonly onExport: () => Promise<Exported>
}): JSX.Element {
  const t = useT()
  const toast = useToast()
  const [isExporting, setExporting] = createSignal(false)
  const [isErasing, setErasing] = createSignal(false)
  const exportAll = async (): Promise<void> => {
    setExporting(true)
    const saved = await props.onExport()
    setExporting(false)
    if (!saved.ok) return toast({ text: explain(t, saved.error), isUrgent: true })
    const { count, missing } = saved.value
    const lacks = missing === 0 ? "" : ` ${t("settings.exportMissing", { count: missing })}`
    toast({ text: `${t("settings.exported", { count })}${lacks}`, isUrgent: missing > 0 })
  }
  return (
    <Section title={t("settings.yours")}>
      <List label={t("settings.yours")}>
        <Row
          lead={<Drawn icon={Download} size="1.5rem" />}
          title={isExporting() ? t("settings.exporting") : t("settings.export")}
          detail={t("settings.exportWhy")}
          onSelect={() => void exportAll()}
        />
      </List>
      <span>
        <Button kind="danger" onClick={() => setErasing(true)}>
          {t("settings.erase")}
        </Button>
      </span>
      <Dialog
        isOpen={isErasing()}
        title={t("settings.eraseSure")}
        closeLabel={t("action.close")}
        onClose={() => setErasing(false)}
        actions={
          <>
            <Button isBusy={isExporting()} onClick={() => void exportAll()}>
              {t("settings.eraseExport")}
            </Button>
            <Button kind="danger" onClick={() => void props.calls.eraseEverything({})}>
              {t("settings.eraseNow")}
            </Button>
          </>
        }
      >
        <p>{t("settings.eraseText")}</p>
        <Show when={props.isAlone} fallback={<p class="quiet">{t("settings.eraseWhy")}</p>}>
          <Note tone="danger">{t("settings.eraseAlone")}</Note>
        </Show>
      </Dialog>
    </Section>
  )
}
