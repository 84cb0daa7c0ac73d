import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import type { CircleId } from "../base/index.js"
import { documentIdOf, movedNameOf } from "../access/index.js"
import { encodeChanges, parseChange } from "../wire/index.js"
import { createForger } from "../testing/forger.js"
import { itemsOf, noteKey, testNote, tryWrite, writeItem } from "../testing/notes-of.js"
import { memberOf, movedTo, newsFor, plainTrio } from "../testing/on-node/plain-family.js"
import type { TestDevice } from "../testing/test-family.js"
import type { DocumentKey } from "./documents.js"

const itemsIn = (device: TestDevice, key: DocumentKey): Promise<readonly string[]> =>
  device.replica.read(key, doc =>
    Object.keys((doc as unknown as { checklist: Record<string, unknown> }).checklist).sort(),
  )

const actorsOf = async (device: TestDevice, key: DocumentKey): Promise<readonly string[]> => {
  const index = await device.replica.index(key)
  return [...index.records()]
    .flatMap(({ changes }) => changes.map(({ actor, seq }) => `${actor} ${seq}`))
    .sort()
}

/** Anna, Ben and Cleo have written a note; Anna and Ben have a circle of their own. */
const home = async (seed: number) => {
  const { world, anna, ben, cleo } = await plainTrio(seed)
  for (const device of [anna, ben, cleo]) {
    await writeItem(device, `by ${device.name}`)
    await world.sync(device, anna)
  }
  const made = await anna.replica.act(author => author.newCircle([memberOf(ben)]))
  const body = made.ok ? anna.replica.session.log.get(made.value)?.body : undefined
  if (body?.type !== "circle") throw new Error("no circle")
  for (const device of [ben, cleo]) await world.sync(anna, device)
  const move = async (device: TestDevice, circle: CircleId = body.circle): Promise<DocumentKey> => {
    const moved = await device.replica.move(noteKey(device), circle)
    if (!moved.ok) throw new Error(moved.error.type === "Refused" ? moved.error.reason : moved.error.type)
    return moved.value
  }
  return { world, anna, ben, cleo, adults: body.circle, move }
}

describe("a document goes to another circle", () => {
  it("[P160] with all that counts in it, and everybody's changes stay theirs", async () => {
    const { world, anna, ben, cleo, move } = await home(31)
    const before = await itemsOf(anna)
    const authors = await actorsOf(anna, noteKey(anna))
    const to = await move(anna)
    for (const device of [ben, cleo]) await world.sync(anna, device)
    for (const device of [anna, ben]) {
      expect(await itemsIn(device, to)).toEqual(before)
      expect(await actorsOf(device, to)).toEqual(authors)
    }
    expect(await itemsIn(cleo, to)).toEqual([])
    expect(await itemsOf(cleo)).toEqual(before)
    // It goes on there, also after a restart.
    await ben.replica.change(to, (draft: { checklist: Record<string, unknown> }) => {
      draft.checklist["later"] = true
    })
    await world.sync(ben, anna)
    await world.reopen(anna)
    expect(await itemsIn(anna, to)).toEqual([...before, "later"])
    expect(await itemsOf(cleo)).toEqual(before)
  })

  it("[P160] there and back it is a new document each time", async () => {
    const { world, anna, ben, cleo, move } = await home(32)
    const there = await move(anna)
    const back = await anna.replica.move(there, anna.replica.everyone())
    if (!back.ok) throw new Error(back.error.type)
    expect(new Set([noteKey(anna).id, there.id, back.value.id]).size).toBe(3)
    await world.sync(anna, cleo)
    expect(await itemsIn(cleo, back.value)).toEqual(await itemsOf(anna))
    expect(await tryWrite(cleo, "again", back.value.name)).toMatchObject({ ok: true })
    expect(await tryWrite(ben, "before he knows")).toMatchObject({ ok: true })
  })

  it("[P161] [P9c] nothing comes along but what the move names, however it is sealed", async () => {
    const { world, anna, ben, cleo, adults, move } = await home(33)
    const old = noteKey(anna)
    const forger = await createForger(world, anna, adults)
    const cleos = await createForger(world, cleo)
    const fake = cleos.edit(old, "never said")
    await writeItem(anna, "upon all")
    const before = anna.replica.session.log.heads()
    const to = await move(anna)
    await world.sync(anna, ben)
    const index = await anna.replica.index(old)
    const raw = A.getAllChanges((await anna.replica.open(old)).doc()).filter(bytes =>
      index.applied().some(hash => hash === parseChange(bytes, world.sealer.sha256)?.hash),
    )
    expect(raw).toHaveLength(4)
    const other = { ...to, name: testNote }
    const notes = [
      // More than it names, less than it names, something else, nothing.
      { key: to, parts: { payload: encodeChanges([...raw, fake]) } },
      { key: to, parts: { payload: encodeChanges(raw.slice(0, -1)) } },
      { key: to, parts: { payload: encodeChanges([fake]) } },
      { key: to, parts: { payload: encodeChanges([]) } },
      { key: to, parts: { payload: encodeChanges(raw.slice(1)) } },
      // As a document that the move does not name, or before the move.
      { key: other, parts: { payload: encodeChanges(raw) } },
      { key: { ...to, area: "chat" as const }, parts: { payload: encodeChanges(raw) } },
      { key: to, parts: { payload: encodeChanges(raw), groupHeads: before } },
    ]
    for (const { key, parts } of notes) {
      const { bytes } = await forger.seal(key, { kind: "moved", ...parts })
      expect((await ben.replica.receive([bytes])).refused).toEqual({ NotMoved: 1 })
    }
    const { bytes } = await forger.seal(to, { kind: "moved", payload: encodeChanges(raw) })
    expect((await ben.replica.receive([bytes])).refused).toEqual({})
    expect(await itemsIn(ben, to)).toEqual(await itemsOf(anna))
  })

  it("[P161] a move that names a document which is there writes nothing into it", async () => {
    const { world, anna, ben, adults } = await home(34)
    const victim = anna.replica.keyFor("notes", "aa".repeat(16), adults)
    const forger = await createForger(world, ben, adults)
    const fake = forger.edit(victim, "forged")
    const hash = parseChange(fake, world.sealer.sha256)?.hash
    if (hash === undefined) throw new Error("no change")
    const { id: document, circle } = noteKey(ben)
    const done = await ben.replica.act({
      ...{ type: "move", circle, document, toCircle: adults, to: victim.id, frontier: [hash] },
    })
    expect(done.ok).toBe(true)
    await world.sync(ben, anna)
    const { bytes } = await forger.seal(victim, { kind: "moved", payload: encodeChanges([fake]) })
    expect((await anna.replica.receive([bytes])).refused).toEqual({ NotMoved: 1 })
    expect(movedNameOf(document, adults, world.sealer.hash)).not.toBe(victim.name)
    expect(documentIdOf(anna.replica.group, adults, victim, world.sealer.hash)).toBe(victim.id)
  })

  it("[P162] it counts while the move counts, in whatever order the family hears of it", async () => {
    const { world, anna, ben, adults, move } = await home(35)
    const dora = await world.join(anna, "Dora", "admin")
    await world.sync(anna, dora)
    await anna.replica.act(author => Promise.resolve(author.listIn(adults, [memberOf(dora)])))
    for (const device of [dora, ben]) await world.sync(anna, device)
    // Anna makes Ben a user while he moves the note and does not know: he may still write, and move no more.
    await anna.replica.act(author => author.setRole(memberOf(ben), "user"))
    const to = await move(ben)
    await world.sync(anna, dora)
    await dora.replica.receive(await newsFor(ben, dora))
    await anna.replica.receive(await newsFor(ben, anna))
    await world.sync(anna, dora)
    for (const device of [anna, dora]) {
      expect(await itemsIn(device, to)).toEqual([])
      expect(await itemsOf(device)).toEqual(["by Anna", "by Ben", "by Cleo"])
      expect(await tryWrite(device, `still by ${device.name}`)).toMatchObject({ ok: true })
    }
  })

  it("[P163] what others write in the old place is theirs to lose or to be taken along", async () => {
    const { world, anna, ben, cleo, move } = await home(36)
    const to = await move(anna)
    await writeItem(cleo, "one late")
    await writeItem(cleo, "two late")
    expect(await tryWrite(anna, "here no more")).toMatchObject({ ok: false, error: { type: "NotAllowed" } })
    await world.sync(cleo, anna)
    expect(await tryWrite(cleo, "here no more")).toMatchObject({ ok: false })
    await world.sync(anna, ben)
    // Cleo does not read the new place, so there is nothing that she could do.
    expect(await cleo.replica.late()).toEqual([])
    for (const device of [anna, ben]) {
      const late = await device.replica.late()
      expect(late.map(edits => [edits.device, edits.changes.length])).toEqual([
        [cleo.identity.id, 1],
        [cleo.identity.id, 1],
      ])
      expect(await itemsIn(device, to)).not.toContain("one late")
    }
    for (const edits of await ben.replica.late())
      expect(await ben.replica.acceptLate(edits)).toMatchObject({ ok: true })
    await world.sync(ben, anna)
    for (const device of [anna, ben]) {
      expect(await device.replica.late()).toEqual([])
      expect(await itemsIn(device, to)).toEqual(["by Anna", "by Ben", "by Cleo", "one late", "two late"])
    }
  })

  it("[P163] discarded it is shown no more, and stays where it was", async () => {
    const { world, anna, cleo, move } = await home(37)
    await move(anna)
    await writeItem(cleo, "late")
    await world.sync(cleo, anna)
    for (const edits of await anna.replica.late()) await anna.replica.discardLate(edits)
    expect(await anna.replica.late()).toEqual([])
    expect(await itemsOf(anna)).toContain("late")
  })

  it("[P164] after a crash it is sealed at the next start", async () => {
    const { world, anna, ben, adults } = await home(38)
    const archive = {
      ...anna.archive,
      append: (bundles: Parameters<typeof anna.archive.append>[0]) =>
        bundles.some(({ bundle }) => isOfCircle(anna, bundle.epochTag, adults))
          ? Promise.reject(new Error("the process died"))
          : anna.archive.append(bundles),
    }
    const mortal = await movedTo(world, anna, { archive })
    await expect(mortal.replica.move(noteKey(mortal), adults)).rejects.toThrow("died")
    await world.reopen(anna)
    await anna.replica.tend()
    await world.sync(anna, ben)
    const [moved] = ben.replica.session.state().moves.get(noteKey(ben).id) ?? []
    const to = ben.replica.keyFor("notes", movedNameOf(noteKey(ben).id, adults, world.sealer.hash), adults)
    expect(moved?.to).toBe(to.id)
    expect(await itemsIn(ben, to)).toEqual(await itemsOf(anna))
  })

  it("[P164] what belongs to its circle is not moved", async () => {
    const { anna, adults } = await home(39)
    for (const [area, name] of [
      ["ledger", "2026"],
      ["chat", "family/2026-11"],
      ["catalogue", ""],
    ] as const) {
      const said = await anna.replica.move(anna.replica.keyFor(area, name), adults)
      expect(said).toMatchObject({ ok: false, error: { type: "NotMovable" } })
    }
  })
})

const isOfCircle = (device: TestDevice, tag: string, circle: CircleId): boolean =>
  device.replica.session.keyring.keyOf(tag)?.circle === circle
