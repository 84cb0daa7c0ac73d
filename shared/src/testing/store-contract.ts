import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type Key, type Store, type StoreChange, textToBytes } from "../base/index.js"

/** One empty disk: `open` may be called again after the store was closed. */
export interface StoreDisk {
  open(): Promise<Store>
  teardown?(): Promise<void>
}

const put = (key: Key, value: string): StoreChange => ({ type: "Put", key, value: textToBytes(value) })
const remove = (key: Key): StoreChange => ({ type: "Remove", key })
const removePrefix = (prefix: Key): StoreChange => ({ type: "RemovePrefix", prefix })

/** Few components that are easy to mix up, so that keys meet and prefixes nearly match. */
const component = fc.constantFrom("", "a", "ab", "a/a", "\u0000", "ÿ", "\uffff", "🙂")
const key = fc.array(component, { minLength: 1, maxLength: 2 })
const change: fc.Arbitrary<StoreChange> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(key, fc.string({ maxLength: 4 })).map(([path, value]) => put(path, value)),
  },
  { weight: 3, arbitrary: key.map(remove) },
  { weight: 1, arbitrary: fc.array(component, { maxLength: 2 }).map(removePrefix) },
)

/** What a store must hold after the changes, told in the plainest way. */
const applyPlainly = (model: Map<string, Uint8Array>, one: StoreChange): void => {
  if (one.type === "Put") model.set(JSON.stringify(one.key), one.value)
  else if (one.type === "Remove") model.delete(JSON.stringify(one.key))
  else
    for (const name of [...model.keys()]) if (isUnder(JSON.parse(name) as Key, one.prefix)) model.delete(name)
}
const isUnder = (path: Key, prefix: Key): boolean => prefix.every((part, i) => path[i] === part)

/** Every adapter of the port `Store` runs this. */
export const runStoreContract = (name: string, createDisk: () => Promise<StoreDisk>): void => {
  describe(`store contract: ${name}`, () => {
    let disk: StoreDisk
    let store: Store
    beforeEach(async () => {
      disk = await createDisk()
      store = await disk.open()
    })
    afterEach(async () => {
      await store.close()
      await disk.teardown?.()
    })
    const keysUnder = async (prefix: Key): Promise<readonly Key[]> =>
      (await store.list(prefix)).map(entry => entry.key)

    it("gives undefined and empty lists for what was never written", async () => {
      expect(await store.get(["a"])).toBeUndefined()
      expect(await store.list([])).toEqual([])
      await store.write([])
      await store.write([remove(["a"]), removePrefix(["a"])])
      expect(await store.list([])).toEqual([])
    })

    it("[S1] a write that fails leaves nothing of itself, and the next one works", async () => {
      await store.write([put(["kept"], "1")])
      const notBytes = undefined as unknown as Uint8Array
      const broken: StoreChange[] = [
        put(["a"], "1"),
        remove(["kept"]),
        { type: "Put", key: ["b"], value: notBytes },
        put(["c"], "1"),
      ]
      await expect(store.write(broken)).rejects.toThrow()
      expect(await keysUnder([])).toEqual([["kept"]])
      await store.write([put(["a"], "2")])
      expect(await keysUnder([])).toEqual([["kept"], ["a"]])
    })

    it("[S1] a broken write does not take its neighbours with it", async () => {
      const notBytes = undefined as unknown as Uint8Array
      const outcomes = await Promise.allSettled([
        store.write([put(["a"], "1")]),
        store.write([put(["b"], "1"), { type: "Put", key: ["b", "2"], value: notBytes }]),
        store.write([put(["c"], "1")]),
      ])
      expect(outcomes.map(outcome => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
      expect(await keysUnder([])).toEqual([["a"], ["c"]])
    })

    it("[S2] a prefix is made of whole components and contains its own key", async () => {
      const keys = [
        ["a"],
        ["a", "b"],
        ["a", "bc"],
        ["a", "b", "c"],
        ["ab"],
        ["a/b"],
        ["a", "", "b"],
        ["", "a"],
      ]
      await store.write(keys.map(path => put(path, path.join())))
      expect(await keysUnder(["a", "b"])).toEqual([
        ["a", "b"],
        ["a", "b", "c"],
      ])
      expect(await keysUnder(["a"])).toEqual(keys.filter(path => path[0] === "a"))
      expect(await keysUnder([""])).toEqual([["", "a"]])
      await store.write([removePrefix(["a", "b"])])
      expect(await keysUnder(["a"])).toEqual([["a"], ["a", "bc"], ["a", "", "b"]])
    })

    it("[S2] any changes over keys that are easy to mix up leave what a plain map would hold", async () => {
      const seen = { overwritten: 0, prefixes: 0, removed: 0 }
      let run = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(change, { minLength: 4, maxLength: 12 }), { minLength: 2, maxLength: 4 }),
          async writes => {
            const root = `run ${run++}`
            const model = new Map<string, Uint8Array>()
            for (const changes of writes) {
              for (const one of changes) {
                if (one.type === "Put" && model.has(JSON.stringify(one.key))) seen.overwritten++
                const before = model.size
                applyPlainly(model, one)
                if (one.type === "RemovePrefix" && model.size < before) seen.prefixes++
                if (one.type === "Remove" && model.size < before) seen.removed++
              }
              await store.write(changes.map(one => under(root, one)))
              const held = (await store.list([root])).map(
                entry => [JSON.stringify(entry.key.slice(1)), entry.value] as const,
              )
              expect(new Map(held)).toEqual(model)
            }
            for (const [name, value] of model)
              expect(await store.get([root, ...(JSON.parse(name) as Key)])).toEqual(value)
          },
        ),
        { numRuns: 100, seed: 7 },
      )
      expect(Math.min(seen.overwritten, seen.prefixes, seen.removed)).toBeGreaterThan(5)
    })

    it("[S3] changes take effect in their order, and writes in the order of their calls", async () => {
      await store.write([
        put(["a"], "old"),
        put(["a"], "new"),
        put(["b", "1"], "x"),
        removePrefix(["b"]),
        put(["b", "2"], "y"),
      ])
      expect(await store.get(["a"])).toEqual(textToBytes("new"))
      expect(await keysUnder(["b"])).toEqual([["b", "2"]])
      await Promise.all(["1", "2", "3"].map(value => store.write([put(["a"], value)])))
      expect(await store.get(["a"])).toEqual(textToBytes("3"))
    })

    it("[S4] what a resolved write wrote is there after reopening", async () => {
      await store.write([put(["a", "b"], "1"), put(["a", "c"], "")])
      await store.write([put(["gone"], "1")])
      await store.write([remove(["gone"])])
      await store.close()
      store = await disk.open()
      expect(await store.list([])).toEqual([
        { key: ["a", "b"], value: textToBytes("1") },
        { key: ["a", "c"], value: new Uint8Array(0) },
      ])
    })

    it("[S5] lists in the order in which keys were first written", async () => {
      await store.write(["z", "m", "a"].map(path => put(["k", path], path)))
      await store.write([put(["k", "m"], "again"), put(["k", "b"], "b")])
      expect(await keysUnder(["k"])).toEqual([
        ["k", "z"],
        ["k", "m"],
        ["k", "a"],
        ["k", "b"],
      ])
    })

    it("[S6] keeps its own copy: buffers of the caller may change afterwards", async () => {
      const value = Uint8Array.of(1, 2, 3)
      const written = store.write([{ type: "Put", key: ["a"], value }])
      value.fill(9)
      await written
      const read = await store.get(["a"])
      expect(read).toStrictEqual(Uint8Array.of(1, 2, 3))
      read?.fill(8)
      expect(await store.get(["a"])).toStrictEqual(Uint8Array.of(1, 2, 3))
    })

    it("refuses work after it was closed", async () => {
      await store.close()
      await expect(store.write([put(["a"], "1")])).rejects.toThrow()
      await expect(store.get(["a"])).rejects.toThrow()
      await expect(store.list([])).rejects.toThrow()
      store = await disk.open()
    })
  })
}

const under = (root: string, one: StoreChange): StoreChange =>
  one.type === "RemovePrefix" ? removePrefix([root, ...one.prefix]) : { ...one, key: [root, ...one.key] }
