import { describe, expect, it } from "vitest"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { newsFor, plainTrio } from "../testing/on-node/plain-family.js"
import { createTurns } from "./turns.js"

describe("turns", () => {
  it("[P16] what is asked for here goes before what came, in its order, and lets one arrival in between", async () => {
    const turns = createTurns()
    const done: string[] = []
    const job = (name: string) => async () => {
      await Promise.resolve()
      done.push(name)
    }
    for (const name of ["a1", "a2", "a3"]) void turns.takeArrival(job(name))
    for (const name of ["h1", "h2", "h3"]) void turns.take(job(name))
    await turns.idle()
    expect(done).toEqual(["h1", "a1", "h2", "a2", "h3", "a3"])
  })

  it("[P16] one at a time, and one that fails fails alone", async () => {
    const turns = createTurns()
    let under = 0
    const job = async () => {
      under += 1
      expect(under).toBe(1)
      await Promise.resolve()
      under -= 1
      return "done"
    }
    const failed = turns.take(() => Promise.reject(new Error("a full disk")))
    const others = [turns.takeArrival(job), turns.take(job), turns.takeArrival(job)]
    await expect(failed).rejects.toThrow("a full disk")
    expect(await Promise.all(others)).toEqual(["done", "done", "done"])
    await turns.idle()
    expect(await turns.take(job)).toBe("done")
  })

  it("[P16] a document is shown before what came meanwhile is taken in", async () => {
    const { world, anna, ben } = await plainTrio()
    await writeItem(anna, "first")
    await world.sync(anna, ben)
    for (const name of ["one", "two", "three", "four"]) await writeItem(anna, name)
    const order: string[] = []
    const arrivals = (await newsFor(anna, ben)).map(bundle =>
      ben.replica.receive([bundle]).then(() => order.push("arrival")),
    )
    const seen = itemsOf(ben).then(items => {
      order.push("seen")
      return items
    })
    await Promise.all([...arrivals, seen])
    // The first may have begun.
    expect(order.indexOf("seen")).toBeLessThanOrEqual(1)
    expect(await itemsOf(ben)).toEqual(["first", "four", "one", "three", "two"])
  })
})
