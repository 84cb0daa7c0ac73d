import { describe, expect, it } from "vitest"
import type { Circle, Epoch } from "../access/index.js"
import type { CircleId, EpochId } from "../base/index.js"
import { Combinations } from "./combinations.js"

const id = (number: number): EpochId => number.toString(16).padStart(64, "0") as EpochId
const keyOf = (epoch: EpochId): Uint8Array => new Uint8Array(32).fill(Number.parseInt(epoch, 16))

/** A circle of epochs, each with those that it replaces, in the order in which they came. */
const circleOf = (
  epochs: readonly {
    readonly number: number
    readonly replaces: readonly number[]
    readonly live: boolean
  }[],
): Circle => {
  const made = epochs.map(({ number, replaces, live }) => {
    const rekey = { epoch: id(number), replaces: replaces.map(id) }
    return [id(number), { id: id(number), live, rekey } as unknown as Epoch] as const
  })
  const circle = "00".repeat(16) as CircleId
  return { id: circle, epochs: new Map(made) } as unknown as Circle
}

const named = (fresh: readonly (readonly Uint8Array[])[]): readonly string[] =>
  fresh.map(keys => keys.map(key => key[0]).join("+"))

describe("combinations", () => {
  it("[P61] are the sets of epochs of which none replaces another", () => {
    const circle = circleOf([
      { number: 1, replaces: [], live: true },
      { number: 2, replaces: [1], live: true },
      { number: 3, replaces: [1], live: true },
      { number: 4, replaces: [2], live: true },
    ])
    expect([...named(new Combinations().of(circle, circle.epochs.keys(), keyOf))].sort()).toEqual([
      "2+3",
      "3+4",
    ])
  })

  it("[P61] many rekeys at once, void or not, push out neither the next combinations nor the likeliest", () => {
    const beside = Array.from({ length: 40 }, (_, i) => ({ number: i + 2, replaces: [1], live: i % 2 === 0 }))
    const flood = [{ number: 1, replaces: [], live: true }, ...beside]
    const healed = { number: 50, replaces: beside.map(({ number }) => number), live: true }
    const next = [51, 52, 53].map(number => ({ number, replaces: [50], live: true }))
    const circle = circleOf([...flood, healed, ...next])
    const fresh = new Combinations().of(circle, circle.epochs.keys(), keyOf)
    const found = named(fresh)
    expect(found).toEqual(expect.arrayContaining(["51+52", "51+53", "52+53", "51+52+53"]))
    // Every two of the live ones, whatever stood besides.
    const live = beside.filter(epoch => epoch.live).map(({ number }) => number)
    for (const one of live)
      for (const other of live) if (one < other) expect(found).toContain(`${one}+${other}`)
    expect(fresh.length).toBeLessThan(44 * 640)
  })
})
