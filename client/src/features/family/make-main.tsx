import { type JSX, Show, createSignal } from "solid-js"
import type { Calls } from "../../engine/port.js"
import { explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Dialog } from "../../ui/overlay.js"
import { useToast } from "../../ui/toast.js"

type DeviceId = Parameters<Calls["yieldTo"]>[0]["to"]

interface MakeMainProps {
  readonly device: DeviceId
  readonly calls: Pick<Calls, "yieldTo">
}

/** Hands this device's rank to another one of the same person: after a change of phones the new one must stand first. */
export function MakeMain(props: MakeMainProps): JSX.Element {
  const t = useT()
  const [isAsking, setAsking] = createSignal(false)
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("main.make")}</Button>
      <Show when={isAsking()}>
        <MakeMainDialog {...props} onClose={() => setAsking(false)} />
      </Show>
    </>
  )
}

/** What it means, before it is done. */
export function MakeMainDialog(props: MakeMainProps & { readonly onClose: () => void }): JSX.Element {
  const t = useT()
  const toast = useToast()
  const yieldRank = async (): Promise<void> => {
    const done = await props.calls.yieldTo({ to: props.device })
    toast(done.ok ? { text: t("main.done") } : { text: explain(t, done.error), isUrgent: true })
    props.onClose()
  }
  return (
    <Dialog
      isOpen
      title={t("main.sure")}
      closeLabel={t("action.close")}
      onClose={() => props.onClose()}
      actions={
        <>
          <Button onClick={() => props.onClose()}>{t("action.cancel")}</Button>
          <Button kind="primary" onClick={() => void yieldRank()}>
            {t("main.make")}
          </Button>
        </>
      }
    >
      <p>{t("main.sureWhy")}</p>
    </Dialog>
  )
}
