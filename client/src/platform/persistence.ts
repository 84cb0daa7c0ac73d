import { createSignal } from "solid-js"

/** `Kept`: the browser promises not to tidy the data away. `Unknown`: it does not say. */
export type Persistence = "Kept" | "NotKept" | "Unknown"

const [persistence, setPersistence] = createSignal<Persistence>("Unknown")

export { persistence }

const word = (isKept: boolean): Persistence => (isKept ? "Kept" : "NotKept")

/** `navigator.storage` is missing where the page has no secure context. */
const storage = (): StorageManager | undefined => (navigator as { readonly storage?: StorageManager }).storage

export const lookAtPersistence = async (): Promise<void> => {
  const isKept = await storage()?.persisted()
  setPersistence(isKept === undefined ? "Unknown" : word(isKept))
}

/** Asks the browser, which may ask the person; the answer is then shown, whatever it is. */
export const askForPersistence = async (): Promise<Persistence> => {
  const isKept = await storage()?.persist()
  return setPersistence(isKept === undefined ? "Unknown" : word(isKept))
}
