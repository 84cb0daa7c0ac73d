import { afterPaint } from "./after-paint.js"

/** Work that lets go at each `yield`, and may be given up there. */
export type Steps<Result> = Generator<undefined, Result, undefined>

/** What somebody does meanwhile waits no longer than this for its turn. Milliseconds. */
const sliceMs = 8

/** All of it at once. */
export const finish = <Result>(steps: Steps<Result>): Result => {
  let next = steps.next()
  while (next.done !== true) next = steps.next()
  return next.value
}

/**
 * What was pressed is painted first, then the work is done in slices, with whatever somebody does in between. Gives a
 * function that gives the work up: `done` is not called then.
 */
export const inSlices = <Result>(steps: Steps<Result>, done: (result: Result) => void): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const slice = (): void => {
    const endMs = performance.now() + sliceMs
    let next = steps.next()
    while (next.done !== true && performance.now() < endMs) next = steps.next()
    if (next.done === true) done(next.value)
    else timer = setTimeout(slice)
  }
  const stop = afterPaint(slice)
  return () => {
    stop()
    clearTimeout(timer)
  }
}
