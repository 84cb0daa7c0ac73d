import { describe, expect, it } from "vitest"
import { textToBytes } from "../base/index.js"
import { type MemoryDisk, createMemoryStore } from "../testing/memory-store.js"
import { createReadableStorageSeal } from "../testing/readable-storage-seal.js"
import { runStoreContract } from "../testing/store-contract.js"
import { SealedValueDamaged, createSealedStore } from "./sealed-store.js"

runStoreContract("sealed memory", async () => {
  const disk: MemoryDisk = new Map()
  return { open: async () => createSealedStore(createMemoryStore(disk), createReadableStorageSeal()) }
})

describe("a sealed store", () => {
  const canary = "CANARY-oat-milk"
  const open = async () => {
    const disk: MemoryDisk = new Map()
    const store = createSealedStore(createMemoryStore(disk), createReadableStorageSeal())
    await store.write([
      { type: "Put", key: ["note", canary], value: textToBytes(`${canary} 1`) },
      { type: "Put", key: [canary, "note"], value: textToBytes(`${canary} 2`) },
    ])
    return { disk, store }
  }

  it("[S7] hands neither names nor values of keys to the store below", async () => {
    const { disk } = await open()
    expect(disk.size).toBe(2)
    for (const [name, { key, value }] of disk) {
      expect(name + key.join()).not.toContain(canary)
      expect(new TextDecoder("latin1").decode(value)).not.toContain(canary)
    }
  })

  it("[S8] throws on a value that was altered or moved, and never takes it for absent", async () => {
    const { disk, store } = await open()
    const [first, second] = [...disk.keys()]
    const moved = disk.get(second ?? "")
    const place = disk.get(first ?? "")
    if (first === undefined || moved === undefined || place === undefined) throw new Error("two values")
    disk.set(first, { key: place.key, value: moved.value })
    await expect(store.get(["note", canary])).rejects.toThrow(SealedValueDamaged)
    await expect(store.list(["note"])).rejects.toThrow(SealedValueDamaged)
    expect(await store.get([canary, "note"])).toEqual(textToBytes(`${canary} 2`))
    disk.set(first, { key: place.key, value: place.value.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) })
    await expect(store.get(["note", canary])).rejects.toThrow(SealedValueDamaged)
  })
})
