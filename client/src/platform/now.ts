import { type Accessor, createSignal, onCleanup } from "solid-js"

/** "3 minutes ago" grows older by itself. Milliseconds. */
const everyMs = 30_000

/** The time of day, in milliseconds since 1970, often enough for words like "just now". */
export const createNow = (): Accessor<number> => {
  const [now, setNow] = createSignal(Date.now())
  const timer = setInterval(() => setNow(Date.now()), everyMs)
  onCleanup(() => clearInterval(timer))
  return now
}
