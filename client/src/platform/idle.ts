type Stop = () => void

/** What is left of a frame for work that nobody waits for. Milliseconds; where the browser does not say it itself. */
const sliceMs = 4

const untilIdle = (run: (timeLeftMs: () => number) => void): Stop => {
  const { requestIdleCallback: request } = globalThis as Partial<typeof globalThis>
  if (request !== undefined) {
    const id = request(deadline => run(() => deadline.timeRemaining()))
    return () => cancelIdleCallback(id)
  }
  const id = setTimeout(() => {
    const endMs = performance.now() + sliceMs
    run(() => endMs - performance.now())
  }, 100)
  return () => clearTimeout(id)
}

/** Takes small steps while nothing else is to be done; `step` says whether there is another one. */
export const whenIdle = (step: () => boolean): Stop => {
  let stop: Stop = () => undefined
  const go = (): void => {
    stop = untilIdle(timeLeftMs => {
      let isMore = step()
      while (isMore && timeLeftMs() > 1) isMore = step()
      if (isMore) go()
    })
  }
  go()
  return () => stop()
}
