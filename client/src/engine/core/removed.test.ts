import "fake-indexeddb/auto"
import "@automerge/automerge"
import { createSealer } from "@home/crypto"
import { createTestFamily } from "@home/shared/testing"
import { ok } from "@home/shared/base"
import { expect, it } from "vitest"
import {
  entryFields,
  must,
  newDatabaseName,
  startTestEngine,
  testPassphrase,
  valueOf,
} from "../testing/test-engine.js"

/** Every key and value of every database of this browser, as text. */
const everythingOnDisk = async (): Promise<string> => {
  const parts: string[] = []
  for (const { name = "" } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name)
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(new Error("not opened"))
    })
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store)
      for (const request of [all.getAllKeys(), all.getAll()])
        parts.push(
          JSON.stringify(
            await new Promise(resolve => (request.onsuccess = () => resolve(request.result))),
            (_, value: unknown) =>
              ArrayBuffer.isView(value) ? Buffer.from(value.buffer).toString("hex") : value,
          ),
        )
    }
    database.close()
  }
  return parts.join("\n")
}

it("[E52] a removed device erases what it keeps when it hears of it, says so after a restart too, and can begin anew", async () => {
  const world = createTestFamily({ sealer: random => createSealer({ random }) })
  const anna = await world.found("Anna")
  const ben = await world.join(anna, "Ben", "editor")
  const name = newDatabaseName()
  const engine = startTestEngine(name)
  const tab = engine.openTab()
  await engine.started
  const { session, archive } = ben.replica
  const adopted = await engine.core.adopt<never>(
    testPassphrase,
    {
      content: {
        group: session.group,
        member: session.state().devices.get(ben.identity.id)?.member ?? ("" as never),
        identity: ben.identity,
        logKey: ben.logKey,
        relays: [],
        boxes: [],
        deviceName: "Ben's phone",
      },
      changes: (await ben.store.list(["operation"])).map(({ key, value }) => ({ type: "Put", key, value })),
      bundles: (await archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles,
    },
    () => Promise.resolve(ok(undefined)),
  )
  expect(adopted.ok).toBe(true)
  await must(tab, "relays", {})
  expect((await tab.edit("addEntry", "2026", { id: "a", fields: entryFields(1) })).ok).toBe(true)
  const [bundle] = (await engine.core.family()?.replica.archive.readSince(0, 1))?.bundles ?? []
  const sealed = Buffer.from(bundle?.bundle.bytes.slice(100, 140) ?? []).toString("hex")
  expect(sealed.length).toBe(80)
  expect(await everythingOnDisk()).toContain(sealed)

  expect((await anna.replica.act(author => author.removeDevice(ben.identity.id))).ok).toBe(true)
  const news = (await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
  await engine.core.family()?.replica.receive(news.map(each => each.bundle.bytes))
  await valueOf(tab, "state", ({ type }) => type === "Removed")
  expect(await tab.calls.unlock({ type: "Passphrase", passphrase: testPassphrase })).toMatchObject({
    ok: false,
  })
  const left = await everythingOnDisk()
  expect(left).not.toContain(sealed)
  expect(left).toContain("wasRemoved")
  expect(left).not.toContain("vault")
  engine.kill()

  const next = startTestEngine(name)
  const again = next.openTab()
  expect((await valueOf(again, "state", ({ type }) => type !== "Starting")).type).toBe("Removed")
  await must(again, "eraseEverything", {})
  expect(await valueOf(again, "state")).toEqual({ type: "Empty" })
})
