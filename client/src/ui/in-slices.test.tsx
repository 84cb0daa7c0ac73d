import { expect, it, vi } from "vitest"
import { type Steps, inSlices } from "./in-slices.js"

it("[U46] long work lets go for what somebody does, goes on after it, and is given up without a result", async () => {
  let steps = 0
  let isEnough = false
  function* work(): Steps<string> {
    while (!isEnough) {
      steps += 1
      yield
    }
    return "found"
  }
  const done: string[] = []
  inSlices(work(), result => done.push(result))
  expect(steps).toBe(0)
  // Were it not to let go, nobody could look.
  await vi.waitFor(() => expect(steps).toBeGreaterThan(0))
  expect(done).toEqual([])
  isEnough = true
  await vi.waitFor(() => expect(done).toEqual(["found"]))

  isEnough = false
  steps = 0
  const giveUp = inSlices(work(), result => done.push(result))
  await vi.waitFor(() => expect(steps).toBeGreaterThan(0))
  giveUp()
  isEnough = true
  const seen = steps
  // What begins later ends later.
  inSlices(work(), result => done.push(result))
  await vi.waitFor(() => expect(done).toEqual(["found", "found"]))
  expect(steps).toBe(seen)
})
