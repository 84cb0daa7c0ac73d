import type { Clock } from "../base/index.js"

/** Resolves with `undefined` when `promise` takes longer; `late` is then called with what still comes. */
export const within = async <T>(
  deps: { readonly clock: Clock },
  delayMs: number,
  promise: Promise<T>,
  late: (value: T) => void,
): Promise<T | undefined> => {
  let cancel = (): void => {}
  let isLate = false
  const timeout = new Promise<undefined>(resolve => {
    cancel = deps.clock.after(delayMs, () => {
      isLate = true
      resolve(undefined)
    })
  })
  const watched = promise.then(value => {
    if (isLate) late(value)
    return value
  })
  const first = await Promise.race([watched, timeout])
  cancel()
  return first
}
