import { createSignal } from "solid-js"
import { trustedScriptUrl } from "./trusted-types.js"

/** How often an app that stays open (a wall tablet) asks for a new version. Milliseconds. */
const askEveryMs = 6 * 60 * 60 * 1000

const [waiting, setWaiting] = createSignal<ServiceWorker | undefined>()

/** A new version lies here whole and waits for the person, or has taken over because another tab said so. */
export const isUpdateReady = (): boolean => waiting() !== undefined

/** The new version takes over and the page starts again with it: only ever because the person said so. */
export const takeUpdate = (): void => {
  const worker = waiting()
  if (worker?.state !== "installed") return location.reload()
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true })
  worker.postMessage("take-over")
}

/** Registers the service worker and watches for new versions. Without one (http, private windows) the app works online. */
export const startUpdates = async (): Promise<void> => {
  if (!("serviceWorker" in navigator)) return
  const registration = await navigator.serviceWorker.register(trustedScriptUrl("/sw.js"), {
    updateViaCache: "none",
  })
  const note = (worker: ServiceWorker | null): void => {
    if (worker === null) return
    const look = (): void => {
      // Without a controller this is the first version: nothing to replace.
      if (worker.state === "installed" && navigator.serviceWorker.controller !== null) setWaiting(worker)
      if (worker.state === "redundant" && waiting() === worker) setWaiting(undefined)
    }
    worker.addEventListener("statechange", look)
    look()
  }
  navigator.serviceWorker.controller?.postMessage("tidy")
  note(registration.waiting)
  registration.addEventListener("updatefound", () => note(registration.installing))
  // Offline the question fails, and is asked again later.
  setInterval(() => void registration.update().catch(() => undefined), askEveryMs)
}
