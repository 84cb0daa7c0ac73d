import { useLocation } from "@solidjs/router"
import { type JSX, Show, createSignal } from "solid-js"
import type { Self, StorageStatus } from "../engine/port.js"
import { useLanguage } from "../i18n/index.js"
import { createPoliteness } from "../platform/calm.js"
import { askForPersistence, persistence } from "../platform/persistence.js"
import { isReminded, remind } from "../platform/reminder.js"
import { isUpdateReady, takeUpdate } from "../platform/updates.js"
import { Button } from "../ui/button.js"
import { Note } from "../ui/pieces.js"
import { areas } from "./areas.js"

/** Who has said "later" to the warning about storage is left alone for a week; the settings go on showing it. */
const reminderMs = 7 * 24 * 60 * 60 * 1000

/** Below this share of free space the person should know. */
const scarce = 0.05

/** What the app has to say by itself: it comes when nobody is typing, and moves no focus. */
export function Notices(props: {
  readonly self: Pick<Self, "isLive" | "isSuspended" | "isStayOver">
  readonly storage: StorageStatus | undefined
}): JSX.Element {
  const { t, formats } = useLanguage()
  const location = useLocation()
  const [isLater, setLater] = createSignal(false)
  const [isAsked, setAsked] = createSignal(isReminded(Date.now()))
  const remindLater = (): void => {
    setAsked(true)
    remind(Date.now() + reminderMs)
  }
  const freeBytes = (): number | undefined => {
    const { quotaBytes, usedBytes } = props.storage ?? {}
    if (quotaBytes === undefined || usedBytes === undefined) return undefined
    const free = quotaBytes - usedBytes
    return free < quotaBytes * scarce ? Math.max(0, free) : undefined
  }
  const politely = createPoliteness()
  const showsUpdate = politely(() => isUpdateReady() && !isLater())
  // Where somebody arrives, not in the middle of what he is doing.
  const isAtHome = (): boolean => areas.some(({ path }) => path === location.pathname)
  const showsEviction = politely(() => persistence() === "NotKept" && !isAsked() && isAtHome())
  const showsScarce = politely(() => props.storage?.isFull !== true && freeBytes() !== undefined)
  return (
    <div class="notices screen-only" aria-live="polite">
      <Show when={props.self.isLive && props.self.isStayOver}>
        <Note tone="notice">{t("stay.over")}</Note>
      </Show>
      <Show when={props.self.isSuspended}>
        <Note tone="notice">
          <strong>{t("pause.here")}</strong>
          <span>{t("pause.hereWhy")}</span>
        </Note>
      </Show>
      <Show when={props.storage?.isFull}>
        <Note tone="danger">{t("quota.full")}</Note>
      </Show>
      <Show when={showsScarce()}>
        <Note tone="notice">{t("quota.warning", { free: formats().bytes(freeBytes() ?? 0) })}</Note>
      </Show>
      <Show when={showsUpdate()}>
        <Note tone="good">
          {t("update.ready")}
          <span class="cluster">
            <Button kind="primary" onClick={takeUpdate}>
              {t("update.now")}
            </Button>
            <Button kind="quiet" onClick={() => setLater(true)}>
              {t("update.later")}
            </Button>
          </span>
        </Note>
      </Show>
      <Show when={showsEviction()}>
        <Note tone="notice">
          {t("eviction.warning")}
          <span class="cluster">
            <Button onClick={() => void askForPersistence().then(remindLater)}>{t("eviction.allow")}</Button>
            <Button kind="quiet" onClick={remindLater}>
              {t("update.later")}
            </Button>
          </span>
        </Note>
      </Show>
    </div>
  )
}
