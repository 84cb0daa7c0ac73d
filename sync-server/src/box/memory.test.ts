import "@automerge/automerge"
import { createHash } from "node:crypto"
import * as A from "@automerge/automerge"
import type { Key, Store } from "@home/shared/base"
import { openReplica } from "@home/shared/replica"
import {
  type TestDevice,
  createMemoryArchive,
  createMemoryStore,
  createPlainSealer,
  createTestFamily,
  silentLog,
} from "@home/shared/testing"
import { describe, expect, it } from "vitest"

const family = createTestFamily({
  seed: 5,
  sealer: random =>
    createPlainSealer({
      sha256: bytes => new Uint8Array(createHash("sha256").update(bytes).digest()),
      randomBytes: length => random.bytes(length),
    }),
})
const note = "00112233445566778899aabbccddeeff"

/** The same device again over an empty archive and a store that tells which lists were read; and how often Automerge was asked for. */
const again = async (device: TestDevice, isKeeper: boolean) => {
  const lists: Key[] = []
  let starts = 0
  const store = createMemoryStore()
  for (const { key, value } of await device.store.list(["operation"]))
    await store.write([{ type: "Put", key, value }])
  const watched: Store = {
    ...store,
    list: prefix => {
      lists.push(prefix)
      return store.list(prefix)
    },
  }
  const replica = await openReplica(
    {
      ...family,
      log: silentLog,
      store: watched,
      archive: createMemoryArchive(),
      startAutomerge: () => {
        starts += 1
        return Promise.resolve()
      },
    },
    {
      identity: device.identity,
      logKey: device.logKey,
      incarnation: device.incarnation,
      isKeeper,
      slot: 0,
    },
  )
  return { replica, lists, store, starts: () => starts }
}

describe("what the box holds in memory", () => {
  it("[B28] is no index of any document: those of a device are read when a bundle comes, the box's are not", async () => {
    const anna = await family.found("Anna")
    const box = await family.join(anna, "Box", "box")
    const ben = await family.join(anna, "Ben", "editor")
    for (const key of ["a", "b", "c"]) {
      await anna.replica.change(
        anna.replica.keyFor("notes", note),
        (draft: { checklist: Record<string, unknown> }) => {
          draft.checklist[key] = new A.ImmutableString(key)
        },
      )
    }
    const all = (await anna.archive.readSince(0, Infinity)).bundles.map(({ bundle }) => bundle.bytes)
    const read = new Map<string, number>()
    for (const device of [box, ben]) {
      const { replica, lists, store } = await again(device, device.isKeeper)
      for (const bundle of all) await replica.receive([bundle])
      read.set(device.name, lists.filter(([first]) => first === "record").length)
      expect(await store.list(["record"])).toHaveLength(3)
      await replica.close()
    }
    expect(read.get("Box")).toBe(0)
    expect(read.get("Ben")).toBeGreaterThan(0)
  })

  it("[B28a] is no Automerge before it looks into a document, or is sent a snapshot", async () => {
    const anna = await family.found("Anna")
    const box = await family.join(anna, "Box", "box")
    const admin = await family.join(anna, "Ben", "admin")
    const key = anna.replica.keyFor("notes", note)
    await anna.replica.change(key, (draft: { checklist: Record<string, unknown> }) => {
      draft.checklist["a"] = new A.ImmutableString("a")
    })
    const all = (await anna.archive.readSince(0, Infinity)).bundles.map(({ bundle }) => bundle.bytes)
    const { replica, starts } = await again(box, true)
    await replica.receive(all)
    expect(starts()).toBe(0)
    await replica.index(key)
    expect(starts()).toBe(1)
    await admin.replica.receive(all)
    await admin.replica.snapshot(admin.replica.everyone())
    const snapshots = (await admin.archive.readSince(0, Infinity)).bundles.map(({ bundle }) => bundle.bytes)
    const other = await again(box, true)
    await other.replica.receive(all)
    expect(other.starts()).toBe(0)
    await other.replica.receive(snapshots)
    expect(other.starts()).toBeGreaterThan(0)
    await replica.close()
    await other.replica.close()
  })
})
