import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { fixedChanges } from "../documents/areas.js"
import { createForger } from "../testing/forger.js"
import { itemsOf, noteKey, writeItem } from "../testing/notes-of.js"
import { plainFamily, sha256 } from "../testing/on-node/plain-family.js"
import type { TestDevice, TestFamily } from "../testing/test-family.js"
import { parseChange } from "../wire/index.js"
import { holds, tryChanges } from "./trial.js"

type Spoil = (change: A.DecodedChange, actor: string) => object
const eachOp = (change: A.DecodedChange, with_: object): object => ({
  ...change,
  ops: change.ops.map(op => ({ ...op, ...with_ })),
})
/** What the head tells. */
const byHead: Readonly<Record<string, Spoil>> = {
  "overwrites what nobody wrote": (change, actor) => eachOp(change, { pred: [`98@${actor}`] }),
  "writes into what nobody made": (change, actor) => eachOp(change, { obj: `99@${actor}` }),
  "numbers its operations below its past": change => ({ ...change, startOp: 1 }),
  "takes the last operation number": change => ({ ...change, startOp: 2 ** 32 - 1 }),
  "jumps ahead by more than anybody writes": change => ({ ...change, startOp: 20_000_000 }),
  "puts a list's element into a map": change => ({
    ...change,
    ops: change.ops.map(op => ({
      action: "set",
      obj: op.obj,
      elemId: "_head",
      insert: true,
      value: "x",
      pred: [],
    })),
  }),
  "comes without its actor's last one": change => ({ ...change, seq: change.seq + 1 }),
}
const fixedActor = A.decodeChange(fixedChanges("notes")[0]?.bytes ?? new Uint8Array(0)).actor
/** What only Automerge finds out; the first two it takes, and cannot load what it saved. */
const byTrial: Readonly<Record<string, Spoil>> = {
  "overwrites what stands in another place": change => eachOp(change, { pred: [`1@${fixedActor}`] }),
  "overwrites itself": (change, actor) => eachOp(change, { pred: [`${change.startOp}@${actor}`] }),
  "deletes what is not there": change => ({
    ...change,
    ops: change.ops.map(op => ({ action: "del", obj: op.obj, key: "nothing", pred: [] })),
  }),
  "writes into itself": (change, actor) => eachOp(change, { obj: `${change.startOp}@${actor}` }),
}
const spoiled = (raw: Uint8Array, actor: string, spoil: Spoil): Uint8Array => {
  const { hash: _, ...change } = A.decodeChange(raw)
  return A.encodeChange(spoil(change as A.DecodedChange, actor) as A.DecodedChange)
}
const changeOf = (raw: Uint8Array) => {
  const change = parseChange(raw, sha256)
  if (change === undefined) throw new Error("does not parse")
  return change
}

describe("a change that is right in form and impossible in content", () => {
  for (const [rule, spoils] of [
    ["P121", byHead],
    ["P122", byTrial],
  ] as const) {
    for (const [what, spoil] of Object.entries(spoils)) {
      it(`[${rule}] and ${what} costs nobody the document, open or closed`, async () => {
        for (const isOpen of [true, false]) {
          const world = plainFamily(1)
          const anna = await world.found("Anna")
          const ben = await world.join(anna, "Ben", "editor")
          await world.sync(anna, ben)
          await writeItem(anna, "mine")
          if (!isOpen) await world.reopen(anna)
          const forger = await createForger(world, ben)
          const key = noteKey(ben)
          const bad = spoiled(forger.edit(key, "bad"), forger.actor(key), spoil)
          await anna.replica.receive([(await forger.seal(key, { changes: [bad] })).bytes])
          // Whether it was tried must outlive the process.
          if (!isOpen) await world.reopen(anna)
          await writeItem(anna, "after")
          await anna.replica.flush()
          expect(await itemsOf(anna)).toEqual(["after", "mine"])
          await world.reopen(anna)
          expect(await itemsOf(anna)).toEqual(["after", "mine"])
          // It is shown, and taking it in after all takes in nothing.
          const late = await anna.replica.late()
          expect(late.map(({ changes }) => changes)).toEqual([[changeOf(bad).hash]])
          for (const edits of late) expect(await anna.replica.acceptLate(edits)).toMatchObject({ ok: false })
          await world.reopen(anna)
          await writeItem(anna, "still")
          expect(await itemsOf(anna)).toEqual(["after", "mine", "still"])
        }
      })
    }
  }

  it("[P122] a trial names those that fail upon their past, and nobody who stands beside them", () => {
    const fixed = fixedChanges("notes").map(({ bytes }) => bytes)
    const base = A.applyChanges(A.init<unknown>(), fixed)[0]
    const write = (doc: A.Doc<unknown>, text: string): A.Doc<unknown> =>
      A.change(doc, draft => {
        ;(draft as { checklist: Record<string, unknown> }).checklist[text] = new A.ImmutableString(text)
      })
    const honest = write(write(A.clone(base, { actor: "aa".repeat(16) }), "one"), "two")
    const other = write(A.clone(base, { actor: "bb".repeat(16) }), "three")
    const [bad] = A.getChangesSince(other, A.getHeads(base))
    const broken = changeOf(
      spoiled(bad ?? new Uint8Array(0), "bb".repeat(16), byTrial["overwrites itself"] as Spoil),
    )
    const good = A.getChangesSince(honest, A.getHeads(base)).map(changeOf)
    const upon = changeOf(
      A.encodeChange({
        ...A.decodeChange((good[1] as { bytes: Uint8Array }).bytes),
        hash: null as never,
        actor: "cc".repeat(16),
        seq: 1,
        startOp: 50,
        deps: [broken.hash],
      }),
    )
    for (const order of [
      [broken, upon, ...good],
      [...good, broken, upon],
      [good[0], broken, good[1], upon],
    ]) {
      const changes = order.filter(change => change !== undefined)
      expect(tryChanges(fixed, changes)).toEqual({ broken: new Set([broken.hash]), isRestSound: true })
    }
    expect(holds([...fixed, ...good.map(({ bytes }) => bytes)])).toBe(true)
  })

  it("[P124] late edits with something impossible among them are taken in without it", async () => {
    for (const spoil of [byHead["writes into what nobody made"], byTrial["overwrites itself"]]) {
      const world = plainFamily(7)
      const anna = await world.found("Anna")
      const ben = await world.join(anna, "Ben", "editor")
      await world.sync(anna, ben)
      await writeItem(anna, "mine")
      const forger = await createForger(world, ben)
      const key = noteKey(ben)
      const good = forger.edit(key, "good")
      const bad = spoiled(forger.edit(key, "bad", { base: [good] }), forger.actor(key), spoil as Spoil)
      const { bytes } = await forger.seal(key, { changes: [good, bad] })
      await anna.replica.act(author => author.removeDevice(ben.identity.id))
      await anna.replica.receive([bytes])
      expect(await itemsOf(anna)).toEqual(["mine"])
      for (const edits of await anna.replica.late()) {
        expect(await anna.replica.acceptLate(edits)).toMatchObject({ ok: true })
      }
      await world.reopen(anna)
      await writeItem(anna, "after")
      expect(await itemsOf(anna)).toEqual(["after", "good", "mine"])
    }
  })

  it("[P123] three who get it in different orders, with restarts between, end equal and write on", async () => {
    for (const [i, spoil] of [...Object.values(byHead), ...Object.values(byTrial)].entries()) {
      if (i % 3 === 1) continue
      const world = plainFamily(i)
      const anna = await world.found("Anna")
      const ben = await world.join(anna, "Ben", "editor")
      const cleo = await world.join(anna, "Cleo", "editor")
      const dora = await world.join(anna, "Dora", "editor")
      const readers = [anna, cleo, dora]
      for (const other of [ben, cleo, dora]) await world.sync(anna, other)
      const forger = await createForger(world, ben)
      const key = noteKey(ben)
      const first = forger.edit(key, "first")
      const bad = spoiled(forger.edit(key, "bad", { base: [first] }), forger.actor(key), spoil)
      // Beside it, and upon what came before it.
      const honest = await createForger(world, cleo)
      const beside = honest.edit(key, "beside", { base: [first] })
      const bundles = [
        await forger.seal(key, { changes: [first] }),
        await forger.seal(key, { changes: [bad] }),
        await honest.seal(key, { changes: [beside] }),
      ].map(({ bytes }) => bytes)
      const orders = [
        [0, 1, 2],
        [2, 1, 0],
        [1, 2, 0],
      ]
      for (const [at, reader] of readers.entries()) {
        if (at === 0) await writeItem(reader, "own 0")
        for (const number of orders[at] ?? []) {
          await reader.replica.receive([bundles[number] as Uint8Array])
          if (at === 1) await world.reopen(reader)
          // Written upon whatever is there by then.
          if (at === 2) await writeItem(reader, `own ${number}`)
        }
      }
      await settled(world, readers)
      const items = await itemsOf(anna)
      expect(items).toEqual(expect.arrayContaining(["beside", "first", "own 0", "own 1", "own 2"]))
      for (const reader of readers) {
        expect(await itemsOf(reader)).toEqual(items)
        await world.reopen(reader)
        expect(await itemsOf(reader)).toEqual(items)
        await writeItem(reader, `after ${reader.name}`)
      }
      await settled(world, readers)
      const heads = await Promise.all(
        readers.map(reader => reader.replica.read(key, doc => A.getHeads(doc).join())),
      )
      expect(new Set(heads).size).toBe(1)
      expect(await itemsOf(dora)).toEqual([...items, "after Anna", "after Cleo", "after Dora"].sort())
    }
  })
})

const settled = async (world: TestFamily, [one, two, three]: readonly TestDevice[]): Promise<void> => {
  if (one === undefined || two === undefined || three === undefined) throw new Error("three")
  for (const [a, b] of [
    [one, two],
    [two, three],
    [one, three],
    [one, two],
  ] as const)
    await world.sync(a, b)
}
