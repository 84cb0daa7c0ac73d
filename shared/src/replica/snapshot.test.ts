import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { type Area, bytesToHex, concatBytes } from "../base/index.js"
import { createDocument } from "../documents/areas.js"
import { createForger } from "../testing/forger.js"
import { createMemoryArchive } from "../testing/memory-archive.js"
import { newsFor, plainFamily } from "../testing/on-node/plain-family.js"
import type { TestDevice, TestFamily } from "../testing/test-family.js"
import { haveOf, missingFor, readOffer } from "./catch-up.js"
import { type Floor, encodeManifest } from "./snapshot.js"

const notes = ["00", "11", "22"].map(pair => pair.repeat(16))

const write = async (device: TestDevice, name: string, key: string): Promise<void> => {
  const changed = await device.replica.change(
    device.replica.keyFor("notes", name),
    (draft: { checklist: Record<string, unknown> }) => {
      draft.checklist[key] = new A.ImmutableString(`${key} by ${device.name}`)
    },
  )
  expect(changed.ok).toBe(true)
}
const contents = (device: TestDevice): Promise<unknown[]> =>
  Promise.all(
    notes.map(name =>
      device.replica.read(device.replica.keyFor("notes", name), doc => structuredClone(A.toJS(doc))),
    ),
  )
const countOf = async (device: TestDevice): Promise<number> => (await device.archive.count()).bundles

const busyFamily = async (world: TestFamily) => {
  const anna = await world.found("Anna")
  const ben = await world.join(anna, "Ben", "editor")
  const box = await world.join(anna, "Box", "box")
  for (let i = 0; i < 30; i++) {
    await write(anna, notes[i % 3] ?? "", `a${i}`)
    await write(ben, notes[(i + 1) % 3] ?? "", `b${i}`)
  }
  for (const device of [anna, ben, anna]) await world.sync(device, box)
  return { anna, ben, box }
}

describe("snapshots", () => {
  it("[P100] who joins takes the box's snapshots instead of every edit, and has the same documents", async () => {
    const world = plainFamily()
    const { anna, box } = await busyFamily(world)
    expect(await box.replica.snapshot(box.replica.everyone())).toBe(true)
    const cleo = await world.join(anna, "Cleo", "editor")
    await world.sync(anna, box)
    await world.sync(cleo, box)
    expect(await contents(cleo)).toEqual(await contents(anna))
    expect(await countOf(cleo)).toBeLessThan((await countOf(box)) / 3)
    // From then on all goes its way, in both directions, and after a restart.
    await write(cleo, notes[0] ?? "", "c")
    await write(anna, notes[1] ?? "", "later")
    for (const device of [cleo, anna, cleo]) await world.sync(device, box)
    await world.reopen(cleo)
    await world.sync(cleo, box)
    expect(await contents(cleo)).toEqual(await contents(anna))
    expect(await countOf(cleo)).toBeLessThan((await countOf(box)) / 3)
  })

  it("[P101] nothing new, nothing made; what changed is taken anew, the rest stays", async () => {
    const world = plainFamily()
    const { anna, box } = await busyFamily(world)
    const everyone = box.replica.everyone()
    expect(await box.replica.snapshot(everyone)).toBe(true)
    const before = await countOf(box)
    expect(await box.replica.snapshot(everyone)).toBe(false)
    expect(await countOf(box)).toBe(before)
    await write(anna, notes[0] ?? "", "one more")
    await world.sync(anna, box)
    expect(await box.replica.snapshot(everyone)).toBe(true)
    // One edit, one snapshot, one manifest.
    expect(await countOf(box)).toBe(before + 3)
  })

  it("[P102] only the box and admins make them: an editor's are neither made nor taken", async () => {
    const world = plainFamily()
    const { anna, ben } = await busyFamily(world)
    expect(await ben.replica.snapshot(ben.replica.everyone())).toBe(false)
    expect(await anna.replica.snapshot(anna.replica.everyone())).toBe(true)
  })

  it("[P103] a removal that reaches behind a snapshot: the originals are fetched, and all end equal", async () => {
    const world = plainFamily()
    const { anna, ben, box } = await busyFamily(world)
    // Ben's last edit reaches the box and its snapshot; Anna, who does not know it, has removed him.
    expect((await anna.replica.act(author => author.removeDevice(ben.identity.id))).ok).toBe(true)
    await write(ben, notes[2] ?? "", "late")
    await world.sync(ben, box)
    expect(await box.replica.snapshot(box.replica.everyone())).toBe(true)
    const dan = await world.join(ben, "Dan", "user").catch(() => undefined)
    expect(dan).toBeUndefined()
    const cleo = await world.copy(ben, true)
    expect(cleo.name).toBe("Ben")
    const eve = await world.join(anna, "Eve", "editor")
    await world.sync(eve, box)
    for (let i = 0; i < 3; i++) {
      await world.sync(anna, box)
      await world.sync(eve, box)
    }
    expect(await contents(eve)).toEqual(await contents(anna))
    expect(JSON.stringify(await contents(eve))).not.toContain("late by Ben")
    expect(await eve.replica.late()).toHaveLength(1)
  })

  it("[P108] what a first screen needs is given first, in small messages", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const box = await world.join(anna, "Box", "box")
    const room = "aa".repeat(16)
    const names: readonly [Area, string][] = [
      ["notes", notes[0] ?? ""],
      ...["2022", "2023", "2024", "2025"].map(year => ["ledger", year] as [Area, string]),
      ...["2025-10", "2025-11", "2025-12"].map(month => ["chat", `${room}/${month}`] as [Area, string]),
      ["plans", "bb".repeat(16)],
      ["book", ""],
      ["catalogue", ""],
    ]
    for (const [area, name] of names) {
      for (let i = 0; i < 6; i++) {
        const draw = (draft: Record<string, unknown>): void => void (draft["drawn"] = `${area} ${name} ${i}`)
        expect((await anna.replica.change(anna.replica.keyFor(area, name), draw)).ok).toBe(true)
      }
    }
    await world.sync(anna, box)
    expect(await box.replica.snapshot(box.replica.everyone())).toBe(true)
    const have = await haveOf(createMemoryArchive(), {
      isKeeper: false,
      tags: box.replica.session.keyring.tags(),
    })
    const { first } = await box.replica.offer(have)
    const named = new Map<string, string>()
    for (const { key, value } of await box.store.list(["snapshot"])) {
      const found = names.find(([area, name]) => box.replica.keyFor(area, name).id === key[1])
      named.set(bytesToHex(value.subarray(0, 32)), found?.join(" ") ?? "")
    }
    expect(first.map(hash => named.get(hash) ?? "manifest")).toEqual([
      "manifest",
      "catalogue ",
      "book ",
      "ledger 2025",
      "ledger 2024",
      `plans ${"bb".repeat(16)}`,
      `chat ${room}/2025-12`,
      `chat ${room}/2025-11`,
      "ledger 2023",
      "ledger 2022",
      `chat ${room}/2025-10`,
      `notes ${notes[0]}`,
    ])
    const sizes: number[] = []
    for await (const message of readOffer(box.archive, [...first, ...first, ...first, ...first], []))
      sizes.push(message.reduce((sum, { length }) => sum + length, 0))
    expect(sizes.length).toBeGreaterThan(1)
    expect(sizes[0]).toBeLessThanOrEqual(16 * 1024)
  })

  it("[P109] what the other has of the snapshots is not given, and nothing twice", async () => {
    const world = plainFamily()
    const { anna, box } = await busyFamily(world)
    expect(await box.replica.snapshot(box.replica.everyone())).toBe(true)
    const cleo = await world.join(anna, "Cleo", "editor")
    const tags = box.replica.session.keyring.tags()
    const have = await haveOf(cleo.archive, { isKeeper: false, tags })
    const everything = await box.replica.offer(have)
    expect(everything.first).toHaveLength(notes.length + 1)
    const given = [...everything.first]
    const log = box.replica.session.keyring.log.tag
    for (const { feed, from, to } of await missingFor(box.archive, everything.have, log))
      for (const { hash, bundle } of await box.archive.read(feed, from, 1 << 30))
        if (bundle.seq <= to) given.push(hash)
    expect(new Set(given).size).toBe(given.length)
    const [one, two] = await Promise.all(given.slice(0, 2).map(hash => box.archive.get(hash)))
    if (one === undefined || two === undefined) throw new Error("two snapshots")
    await cleo.replica.receive([one.bytes, two.bytes])
    const after = await box.replica.offer(await haveOf(cleo.archive, { isKeeper: false, tags }))
    expect(after.first).toEqual(given.slice(2, notes.length + 1))
  })

  it("[P109a] a snapshot is taken to pieces when its document is looked at, and its document is known before", async () => {
    const world = plainFamily()
    const { anna, box } = await busyFamily(world)
    expect(await box.replica.snapshot(box.replica.everyone())).toBe(true)
    const cleo = await world.join(anna, "Cleo", "editor")
    const told = new Set<string>()
    cleo.replica.onDocumentChanged(({ name }) => void told.add(name))
    await world.sync(cleo, box)
    const read = async (): Promise<number> => (await cleo.store.list(["record"])).length
    expect(await read()).toBe(0)
    expect((await cleo.replica.documents("notes")).map(({ name }) => name).sort()).toEqual(notes)
    expect([...told].sort()).toEqual(notes)
    const key = cleo.replica.keyFor("notes", notes[1] ?? "")
    const heads = await cleo.replica.read(key, doc => A.getHeads(doc))
    expect(heads).toEqual(await anna.replica.read(key, doc => A.getHeads(doc)))
    expect(await read()).toBe(1)
    // Edits come for what was never looked at, in this process and the next one.
    await write(anna, notes[0] ?? "", "upon it")
    await world.sync(anna, box)
    await world.reopen(cleo)
    await world.sync(cleo, box)
    await write(cleo, notes[2] ?? "", "mine")
    for (const device of [cleo, anna]) await world.sync(device, box)
    expect(await contents(cleo)).toEqual(await contents(anna))
    expect(await cleo.store.list(["unread"])).toEqual([])
  })

  it("[P109a] an unread snapshot that does not count any more is replaced by the originals, with nobody looking", async () => {
    const world = plainFamily()
    const { anna, ben, box } = await busyFamily(world)
    // Ben's last edit is in the snapshot; Anna, who does not know it, has removed him.
    expect((await anna.replica.act(author => author.removeDevice(ben.identity.id))).ok).toBe(true)
    const removal = await newsFor(anna, box)
    await write(ben, notes[2] ?? "", "late")
    await world.sync(ben, box)
    expect(await box.replica.snapshot(box.replica.everyone())).toBe(true)
    // Another device of his has the snapshots before it hears of the removal.
    const eve = await world.join(ben, "Eve", "own device")
    await world.sync(eve, box)
    expect((await eve.store.list(["unread"])).length).toBe(notes.length)
    await eve.replica.receive(removal)
    expect(await eve.store.list(["unread"])).toEqual([])
    expect(await eve.store.list(["originals"])).toHaveLength(1)
  })

  it("[P5] a snapshot is one whole document and nothing else: what is appended is never applied", async () => {
    const world = plainFamily()
    const { anna, ben, box } = await busyFamily(world)
    const key = ben.replica.keyFor("notes", "33".repeat(16))
    const forger = await createForger(world, box)
    const checked = (shown: unknown): string[] =>
      Object.keys((shown as { checklist: Record<string, unknown> }).checklist)
    const doc = A.change(createDocument("notes", "ab".repeat(16)), draft => {
      ;(draft as { checklist: Record<string, unknown> }).checklist["a"] = true
    })
    const whole = A.save(doc)
    const more = A.saveSince(
      A.change(A.clone(doc), draft => {
        ;(draft as { checklist: Record<string, unknown> }).checklist["b"] = true
      }),
      A.getHeads(doc),
    )
    const broken = whole.slice()
    broken[whole.length - 3] = (broken[whole.length - 3] ?? 0) ^ 1
    const appended = [concatBytes(whole, more), concatBytes(more, whole)]
    for (const payload of [...appended, whole.subarray(0, -1), more, broken]) {
      const forged = await forger.seal(key, { kind: "snapshot", payload })
      await anna.replica.receive([forged.bytes])
      expect(await anna.replica.read(key, shown => checked(shown))).toEqual([])
    }
    const sealed = await forger.seal(key, { kind: "snapshot", payload: whole })
    await anna.replica.receive([sealed.bytes])
    expect(await anna.replica.read(key, shown => checked(shown))).toEqual(["a"])
  })

  it("[P104] a manifest stands for feeds of its circle only: nobody is made to believe that he has the log", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const box = await world.join(anna, "Box", "box")
    const cleo = await world.join(anna, "Cleo", "user")
    for (const other of [box, cleo]) await world.sync(anna, other)
    const [feed] = await anna.replica.feedsOf(anna.identity.id, undefined)
    if (feed === undefined) throw new Error("the founder's log")
    const floors: readonly Floor[] = [{ feed, seq: 1_000, hash: "00".repeat(32) as Floor["hash"] }]
    const certificates = (await cleo.store.list(["certificate"])).map(({ value }) => value)
    const payload = encodeManifest({ floors, snapshots: [], certificates })
    const forger = await createForger(world, box)
    const forged = await forger.seal(box.replica.keyFor("notes", ""), {
      kind: "manifest",
      document: undefined,
      payload,
    })
    expect((await cleo.replica.receive([forged.bytes])).refused).toEqual({})
    // A stolen box cannot keep its own removal from the others.
    const member = anna.replica.session.state().devices.get(box.identity.id)?.member
    if (member === undefined) throw new Error("the box's member")
    await anna.replica.act(author => author.removeMember(member))
    await world.sync(anna, cleo)
    expect(cleo.replica.session.state().members.get(member)?.live).toBe(false)
  })
})
