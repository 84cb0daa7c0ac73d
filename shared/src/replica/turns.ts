/**
 * One thing at a time: a removal and an edit that cross each other would otherwise meet half-done states. What somebody
 * here asks for goes before what came from others, so that a newcomer's first screen does not wait for the rest of the
 * family; but of two such jobs the second lets one arrival in between, so that nobody who goes on asking stops them.
 */
export interface Turns {
  /** In the order in which they are asked for. */
  take<T>(job: () => Promise<T>): Promise<T>
  /** The same for what came from others. */
  takeArrival<T>(job: () => Promise<T>): Promise<T>
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

type Job = () => Promise<void>

export const createTurns = (): Turns => {
  const asked: Job[] = []
  const arrivals: Job[] = []
  const resting: (() => void)[] = []
  let isBusy = false
  let isArrivalsTurn = false

  const next = (): Job | undefined => {
    const arrival = isArrivalsTurn || asked.length === 0 ? arrivals.shift() : undefined
    isArrivalsTurn = arrival === undefined
    return arrival ?? asked.shift()
  }

  const work = async (): Promise<void> => {
    if (isBusy) return
    isBusy = true
    // Nothing begins while its caller has not got his promise yet.
    await Promise.resolve()
    for (let job = next(); job !== undefined; job = next()) await job()
    isBusy = false
    for (const rest of resting.splice(0)) rest()
  }

  const takeIn = <T>(queue: Job[], job: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      queue.push(() => job().then(resolve, reject))
      void work()
    })

  return {
    take: job => takeIn(asked, job),
    takeArrival: job => takeIn(arrivals, job),
    idle: () => new Promise(resolve => (isBusy ? void resting.push(resolve) : resolve())),
  }
}
