import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { LayeredMap } from "./layered-map.js"

const put = fc.tuple(fc.nat(40), fc.record({ value: fc.nat() }))

describe("a layered map", () => {
  it("is what a Map is after the same additions, and its earlier versions stay what they were", () => {
    fc.assert(
      fc.property(fc.array(put, { maxLength: 120 }), puts => {
        const plain = new Map<number, { value: number }>()
        const versions = [{ map: LayeredMap.empty<number, { value: number }>(), as: [...plain] }]
        for (const [key, value] of puts) {
          plain.set(key, value)
          const last = versions.at(-1)?.map ?? LayeredMap.empty<number, { value: number }>()
          versions.push({ map: last.with(key, value), as: [...plain] })
        }
        for (const { map, as } of versions) {
          expect([...map]).toEqual(as)
          expect([...map.keys()]).toEqual(as.map(([key]) => key))
          expect([...map.values()]).toEqual(as.map(([, value]) => value))
          expect(map.size).toBe(as.length)
          for (const [key, value] of as) expect(map.get(key)).toBe(value)
          expect(map.has(41)).toBe(false)
        }
      }),
    )
  })
})
