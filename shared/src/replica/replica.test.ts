import "@automerge/automerge"
import { createHash } from "node:crypto"
import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { createPlainSealer } from "../testing/plain-sealer.js"
import { type TestDevice, type TestFamily, createTestFamily } from "../testing/test-family.js"

const family = (seed = 1): TestFamily =>
  createTestFamily({
    seed,
    sealer: random =>
      createPlainSealer({
        sha256: bytes => new Uint8Array(createHash("sha256").update(bytes).digest()),
        randomBytes: length => random.bytes(length),
      }),
  })

const write = async (device: TestDevice, name: string, key: string, text: string): Promise<void> => {
  const changed = await device.replica.change(device.replica.keyFor("notes", name), (draft: { checklist: Record<string, unknown> }) => {
    draft.checklist[key] = new A.ImmutableString(text)
  })
  expect(changed.ok).toBe(true)
}
const items = (device: TestDevice, name: string): Promise<Record<string, string>> =>
  device.replica.read(device.replica.keyFor("notes", name), doc => {
    const { checklist } = doc as unknown as { checklist: Record<string, { val: string }> }
    return Object.fromEntries(Object.entries(checklist).map(([key, value]) => [key, String(value)]))
  })

const note = "00112233445566778899aabbccddeeff"

describe("replica", () => {
  it("two devices agree after a link", async () => {
    const world = family()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await write(anna, note, "a", "apples")
    await world.sync(anna, ben)
    expect(await items(ben, note)).toEqual({ a: "apples" })
    await write(ben, note, "b", "bread")
    await write(anna, note, "c", "cheese")
    await world.sync(ben, anna)
    expect(await items(anna, note)).toEqual({ a: "apples", b: "bread", c: "cheese" })
    expect(await items(ben, note)).toEqual(await items(anna, note))
  })
})
