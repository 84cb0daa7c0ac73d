import { createSignal } from "solid-js"

/** Chromium's event, which TypeScript's lib does not have. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>
}

const [prompt, setPrompt] = createSignal<InstallPrompt | undefined>()

/** The browser offers to install the app. */
export const canInstall = (): boolean => prompt() !== undefined

export const install = async (): Promise<void> => {
  const event = prompt()
  setPrompt(undefined)
  await event?.prompt()
}

export const startInstalling = (): void => {
  addEventListener("beforeinstallprompt", event => {
    event.preventDefault()
    setPrompt(event as InstallPrompt)
  })
  addEventListener("appinstalled", () => setPrompt(undefined))
}
