import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { FeedId } from "../base/index.js"
import { createForger } from "../testing/forger.js"
import { createMemoryArchive } from "../testing/memory-archive.js"
import { createChannelPair } from "../testing/memory-channel.js"
import { itemsOf, noteKey, writeItem } from "../testing/notes-of.js"
import { testBundle, testFeed } from "../testing/test-bundle.js"
import { memberOf, plainFamily } from "../testing/on-node/plain-family.js"
import type { TestDevice } from "../testing/test-family.js"
import { encodePeerMessage, firstFeed, parsePeerMessage } from "../wire/index.js"
import { haveOf, missingFor, readStretches } from "./catch-up.js"
import { createLinkSession } from "./link-session.js"

const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve))
}
const hashesOf = async (device: Pick<TestDevice, "archive">): Promise<readonly string[]> =>
  (await device.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles.map(({ hash }) => hash).sort()

/** Connects a device to a peer that is not our program: what it is sent, and a way to say something. */
const eavesdrop = (device: TestDevice, isAuthorised: () => boolean) => {
  const [own, foreign] = createChannelPair()
  const heard: string[] = []
  foreign.onMessage(bytes => heard.push(parsePeerMessage(bytes)?.type ?? "?"))
  let isClosed = false
  foreign.onClose(() => (isClosed = true))
  const session = createLinkSession(device.replica, own, {
    name: "link x",
    isKeeper: device.isKeeper,
    isAuthorised,
  })
  return { heard, say: foreign.send, session, isClosed: () => isClosed }
}

describe("catching up", () => {
  it("[P20] after an exchange both archives hold the same, whatever holes either had", async () => {
    let holes = 0
    let variants = 0
    const place = fc.record({
      feed: fc.integer({ min: 1, max: 3 }),
      seq: fc.integer({ min: 1, max: 9 }),
      variant: fc.integer({ min: 0, max: 1 }),
      at: fc.integer({ min: 0, max: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(place, { maxLength: 30 }), async places => {
        const a = createMemoryArchive()
        const b = createMemoryArchive()
        for (const { feed, seq, variant, at } of places) {
          const stored = testBundle({ feed: testFeed(feed), seq, variant })
          if (at !== 1) await a.append([stored])
          if (at !== 0) await b.append([stored])
          if (variant === 1) variants += 1
        }
        if ((await a.positions()).some(({ islands }) => islands.length > 0)) holes += 1
        const options = { isKeeper: true, tags: [] }
        // A variant next to one that both have is told by nobody's numbers: it needs the second round.
        for (let round = 0; round < 2; round++) {
          for (const [from, to] of [
            [a, b],
            [b, a],
          ] as const) {
            const stretches = await missingFor(from, await haveOf(to, options), undefined)
            for await (const message of readStretches(from, stretches)) {
              for (const bytes of message) {
                const stored = (await from.readSince(0, Number.MAX_SAFE_INTEGER)).bundles.find(
                  ({ bundle }) => bundle.bytes === bytes,
                )
                if (stored !== undefined) await to.append([stored])
              }
            }
          }
        }
        const seqs = async (archive: typeof a) => (await hashesOf({ archive })).length
        const both = new Set([...(await hashesOf({ archive: a })), ...(await hashesOf({ archive: b }))]).size
        // Numbers do not tell that each side has another variant of one place; only where they differ in the last one.
        const isForked = places.some(one =>
          places.some(
            other => one.feed === other.feed && one.seq === other.seq && one.variant !== other.variant,
          ),
        )
        if (!isForked) expect([await seqs(a), await seqs(b)]).toEqual([both, both])
        expect(
          (await a.positions())
            .map(({ feed, contiguousSeq, islands }) => [feed, contiguousSeq, islands])
            .sort(),
        ).toEqual(
          (await b.positions())
            .map(({ feed, contiguousSeq, islands }) => [feed, contiguousSeq, islands])
            .sort(),
        )
      }),
      { seed: 1, numRuns: 60 },
    )
    expect(holes).toBeGreaterThan(10)
    expect(variants).toBeGreaterThan(10)
  })

  it("[P21] what only another tag's holder wants is not sent; a feed of which nothing is wanted is left out", async () => {
    const archive = createMemoryArchive()
    await archive.append([
      testBundle({ feed: testFeed(1), seq: 1, tag: "01".repeat(8) }),
      testBundle({ feed: testFeed(2), seq: 1, tag: "02".repeat(8) }),
    ])
    const have = await haveOf(createMemoryArchive(), { isKeeper: false, tags: ["02".repeat(8)] })
    expect((await missingFor(archive, have, undefined)).map(({ feed }) => feed)).toEqual([testFeed(2)])
  })

  it("[P21] membership goes first: content before its author's admission would only wait", async () => {
    const archive = createMemoryArchive()
    await archive.append([
      testBundle({ feed: testFeed(1), seq: 1, tag: "01".repeat(8) }),
      testBundle({ feed: testFeed(2), seq: 1, tag: "02".repeat(8) }),
    ])
    const have = await haveOf(createMemoryArchive(), { isKeeper: true, tags: [] })
    for (const log of ["01", "02"]) {
      const [first] = await missingFor(archive, have, log.repeat(8))
      expect(first?.feed).toBe(testFeed(Number(log)))
    }
  })

  it("[P22] a large difference goes in windows: after each the other asks again, until all is there", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    // 20 MB that nobody can open, from a feed of its own, for a keeper that takes everything.
    const box = await world.join(anna, "Box", "box")
    const flood = Array.from({ length: 40 }, (_, i) =>
      testBundle({ feed: testFeed(5), seq: i + 1, sizeBytes: 512 * 1024 }),
    )
    await box.archive.append(flood)
    const [boxEnd, ownEnd] = createChannelPair()
    let sent = 0
    let windows = 0
    let inWindow = 0
    ownEnd.onMessage(bytes => {
      const message = parsePeerMessage(bytes)
      if (message?.type === "Bundles") for (const bundle of message.bundles) inWindow += bundle.length
      if (message?.type !== "Sent") return
      expect(inWindow).toBeLessThan(9 * 1024 * 1024)
      sent += inWindow
      inWindow = 0
      windows += 1
      if (message.isAll) return
      // What came so far, as a peer that stored it would say.
      const positions = [
        {
          feed: testFeed(5),
          contiguousSeq: Math.floor(sent / (512 * 1024)),
          hash: flood[Math.floor(sent / (512 * 1024)) - 1]?.hash,
          islands: [],
        },
      ]
      ownEnd.send(
        encodePeerMessage({
          type: "Have",
          have: {
            archive: "00".repeat(16),
            isKeeper: true,
            wants: { type: "Everything" },
            from: firstFeed,
            before: undefined,
            positions,
          },
        }),
      )
    })
    const session = createLinkSession(box.replica, boxEnd, {
      name: "link",
      isKeeper: true,
      isAuthorised: () => true,
    })
    ownEnd.send(
      encodePeerMessage({
        type: "Have",
        have: await haveOf(createMemoryArchive(), { isKeeper: true, tags: [] }),
      }),
    )
    await turns(60)
    session.close()
    expect(windows).toBeGreaterThan(2)
    expect(sent).toBeGreaterThan(40 * 512 * 1024 - 1)
    expect(ben.replica.device).not.toBe(anna.replica.device)
  })
})

describe("a link", () => {
  it("[P22a] what comes faster than it can be taken in is held back, and whoever goes on all the same is left", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const [own, foreign] = createChannelPair()
    const held: boolean[] = []
    let isClosed = false
    foreign.onClose(() => (isClosed = true))
    const channel = { ...own, hold: (isHeld: boolean) => held.push(isHeld) }
    const session = createLinkSession(anna.replica, channel, {
      name: "link x",
      isKeeper: false,
      isAuthorised: () => true,
    })
    await turns()
    // Of another version: taken in by being passed over.
    const unknown = new Uint8Array(4 << 20).fill(0xff)
    for (let i = 0; i < 4; i++) foreign.send(unknown)
    await turns()
    expect(held).toEqual([true, false])
    expect(isClosed).toBe(false)
    for (let i = 0; i < 17; i++) foreign.send(unknown)
    await turns()
    expect(isClosed).toBe(true)
    session.close()
  })

  it("[P22] of a feed that forked behind the first window both branches meet, and the exchange ends", async () => {
    const world = plainFamily(44)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    const cleo = await world.join(anna, "Cleo", "editor")
    for (const other of [ben, cleo]) await world.sync(anna, other)
    const forger = await createForger(world, ben)
    const key = noteKey(ben)
    const trunk: Uint8Array[] = []
    let prev = new Uint8Array(32)
    for (let i = 0; i < 10; i++) {
      const { bytes, hash } = await forger.seal(key, { payload: new Uint8Array(1 << 20) })
      trunk.push(bytes)
      prev = Uint8Array.from(Buffer.from(hash, "hex"))
    }
    for (const [slot, device] of [anna, cleo].entries()) {
      const branch = await forger.seal(key, { seq: trunk.length + 1, prev, slot })
      await device.replica.receive([...trunk, branch.bytes])
    }
    const [annasEnd, cleosEnd] = createChannelPair()
    let sent = 0
    const counted = {
      ...annasEnd,
      send: (bytes: Uint8Array) => {
        sent += 1
        if (sent > 200) annasEnd.close()
        else annasEnd.send(bytes)
      },
    }
    const options = { isKeeper: false, isAuthorised: () => true }
    const sessions = [
      createLinkSession(anna.replica, counted, { name: "link cleo", ...options }),
      createLinkSession(cleo.replica, cleosEnd, { name: "link anna", ...options }),
    ]
    expect(await Promise.all(sessions.map(session => session.settle()))).toEqual([true, true])
    for (const session of sessions) session.close()
    expect(await hashesOf(anna)).toEqual(await hashesOf(cleo))
  })

  it("[P23] a stranger gets nothing: no bundle and no Have, and cannot put a byte into the archive", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await writeItem(anna, "secret")
    const before = await hashesOf(anna)
    const { heard, say, session } = eavesdrop(anna, () => false)
    const forger = await createForger(world, ben)
    const { bytes } = await forger.seal(noteKey(ben), { changes: [forger.edit(noteKey(ben), "x")] })
    say(
      encodePeerMessage({
        type: "Have",
        have: await haveOf(createMemoryArchive(), { isKeeper: true, tags: [] }),
      }),
    )
    say(
      encodePeerMessage({
        type: "Bundles",
        bundles: [bytes, testBundle({ feed: testFeed(1), seq: 1 }).bundle.bytes],
      }),
    )
    say(encodePeerMessage({ type: "Signal", signal: new Uint8Array(3) }))
    say(encodePeerMessage({ type: "Introduce" }))
    say(encodePeerMessage({ type: "Sent", isAll: true }))
    await turns()
    expect(heard).toEqual(["Introduce"])
    expect(await hashesOf(anna)).toEqual(before)
    await writeItem(anna, "new secret")
    await turns()
    expect(heard).toEqual(["Introduce"])
    session.close()
  })

  it("[P23] a stranger that floods is cut off", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const { say, isClosed } = eavesdrop(anna, () => false)
    const bundle = testBundle({ feed: testFeed(1), seq: 1, sizeBytes: 1024 * 1024 }).bundle.bytes
    for (let i = 0; i < 5; i++) say(encodePeerMessage({ type: "Bundles", bundles: [bundle] }))
    await turns()
    expect(isClosed()).toBe(true)
  })

  it("[P22] a peer that asks on and does not read is left", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    for (const [unreadMiB, isLeft] of [
      [16, false],
      [64, true],
    ] as const) {
      const [own, foreign] = createChannelPair()
      let isClosed = false
      foreign.onClose(() => (isClosed = true))
      const stalled = { ...own, bufferedBytes: () => unreadMiB * 1024 * 1024 }
      createLinkSession(anna.replica, stalled, { name: "link x", isKeeper: false, isAuthorised: () => true })
      const have = await haveOf(createMemoryArchive(), { isKeeper: true, tags: [] })
      foreign.send(encodePeerMessage({ type: "Have", have }))
      await turns()
      expect(isClosed).toBe(isLeft)
    }
  })

  it("[P26] is settled once both were answered, also where the other spoke before we listened", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const [own, foreign] = createChannelPair()
    const seen: string[] = []
    foreign.onMessage(bytes => seen.push(parsePeerMessage(bytes)?.type ?? "?"))
    const have = await haveOf(createMemoryArchive(), { isKeeper: true, tags: [] })
    foreign.send(encodePeerMessage({ type: "Have", have }))
    await turns()
    const options = { name: "link x", isKeeper: true, isAuthorised: () => true }
    createLinkSession(anna.replica, own, options, { onSettled: () => seen.push("settled") })
    await turns()
    expect(new Set(seen)).toEqual(new Set(["Have", "Bundles", "Sent"]))
    foreign.send(encodePeerMessage({ type: "Sent", isAll: true }))
    await turns()
    expect(seen.filter(each => each === "settled")).toHaveLength(1)
  })

  it("[P24] a device that was admitted while we were away introduces itself, and then both exchange everything", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await world.sync(anna, ben)
    const cleo = await world.join(anna, "Cleo", "editor")
    await world.sync(anna, cleo)
    await writeItem(cleo, "hello")
    await writeItem(ben, "who?")
    // Ben never heard of Cleo.
    await world.sync(cleo, ben)
    expect(await itemsOf(ben)).toEqual(["hello", "who?"])
    expect(await itemsOf(cleo)).toEqual(["hello", "who?"])
  })

  it("[P25] a removed device gets nothing from who knows, from the moment it is known", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await world.sync(anna, ben)
    const before = await hashesOf(ben)
    const isLive = (): boolean => anna.replica.session.state().devices.get(ben.identity.id)?.live === true
    const running = eavesdrop(anna, isLive)
    await turns()
    expect(running.heard).toContain("Have")
    const count = running.heard.length
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    await writeItem(anna, "not for Ben")
    running.say(
      encodePeerMessage({ type: "Have", have: await haveOf(ben.archive, { isKeeper: true, tags: [] }) }),
    )
    await turns()
    expect(running.heard.slice(count)).toEqual(["Introduce"])
    const link = world.connect(anna, ben)
    await turns()
    link.close()
    expect(await hashesOf(ben)).toEqual(before)
    // Late edits do not come in this way either: a keeper or another member brings them.
    await writeItem(ben, "late")
    const again = world.connect(anna, ben)
    await turns()
    again.close()
    expect(await itemsOf(anna)).toEqual(["not for Ben"])
  })

  it("[P26] settle is true only when the other side has stored what is here, and false when the link closes first", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    const { session } = eavesdrop(anna, () => true)
    const settled = session.settle()
    await turns()
    session.close()
    expect(await settled).toBe(false)
    expect(await session.settle()).toBe(false)
    await writeItem(anna, "a")
    const link = world.connect(anna, ben)
    expect(await link.sessions[0].settle()).toBe(true)
    const own = new Set(await hashesOf(ben))
    for (const hash of await hashesOf(anna)) expect(own.has(hash)).toBe(true)
    link.close()
  })

  it("[P26] settle upon a new link asks once: all that is missing would come twice", async () => {
    const anna = await plainFamily().found("Anna")
    const { heard, session } = eavesdrop(anna, () => true)
    const settled = session.settle()
    await turns()
    expect(heard).toEqual(["Have"])
    session.close()
    expect(await settled).toBe(false)
  })

  it("[P26] settle is false for a device that does not know of its removal, on a new link and on one that runs", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await world.sync(anna, ben)
    const running = world.connect(anna, ben)
    expect(await running.sessions[1].settle()).toBe(true)
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    await writeItem(ben, "late")
    expect(await running.sessions[1].settle()).toBe(false)
    const link = world.connect(anna, ben)
    expect(await link.sessions[1].settle()).toBe(false)
    expect(await link.sessions[0].settle()).toBe(false)
  })

  it("[P26] settle is false between two of whom neither knows the other", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    const cleo = await world.join(anna, "Cleo", "editor")
    const [one, two] = createChannelPair()
    const sessions = [ben, cleo].map((device, i) =>
      createLinkSession(device.replica, i === 0 ? one : two, {
        name: "link",
        isKeeper: false,
        isAuthorised: () => false,
      }),
    )
    expect(await Promise.all(sessions.map(session => session.settle()))).toEqual([false, false])
  })
})

describe("the archive", () => {
  it("[P31] a box keeps what it cannot open, and gives it to who can", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await world.sync(anna, ben)
    const box = await world.join(anna, "Box", "box")
    await world.sync(anna, box)
    await world.sync(anna, ben)
    // A circle of Anna and Ben, in which the box is not.
    const made = await anna.replica.act(author => author.newCircle([memberOf(ben)]))
    expect(made).toMatchObject({ ok: true })
    const circle = [...anna.replica.session.state().circles.keys()].find(id => id !== anna.replica.everyone())
    const key = anna.replica.keyFor("notes", "0a".repeat(16), circle)
    const changed = await anna.replica.change(key, (draft: { checklist: Record<string, unknown> }) => {
      draft.checklist["blind"] = true
    })
    expect(changed.ok).toBe(true)
    await world.sync(anna, box)
    expect(box.replica.session.keyring.tags()).toHaveLength(3) // log, open, Everyone's
    expect(await hashesOf(box)).toEqual(await hashesOf(anna))
    await world.sync(box, ben)
    const seen = await ben.replica.read(ben.replica.keyFor("notes", "0a".repeat(16), circle), doc =>
      Object.keys((doc as unknown as { checklist: object }).checklist),
    )
    expect(seen).toEqual(["blind"])
  })

  it("[P32] a box restored from an old backup is another archive: what it lost is offered again", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const box = await world.join(anna, "Box", "box")
    await writeItem(anna, "early")
    await world.sync(anna, box)
    const backup = (await box.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
    await writeItem(anna, "lost with the disk")
    await world.sync(anna, box)
    const restored: TestDevice = { ...box, archive: createMemoryArchive(new Uint8Array(16).fill(9)) }
    await restored.archive.append(backup)
    await world.reopen(restored)
    await world.sync(anna, restored)
    expect(await hashesOf(restored)).toEqual(await hashesOf(anna))
  })

  it("[P33] an archive under another identity is processed from its beginning", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await writeItem(ben, "b")
    await world.sync(anna, ben)
    const feeds = await anna.replica.feedsOf(ben.identity.id, anna.replica.everyone())
    const moved = createMemoryArchive(new Uint8Array(16).fill(3))
    await moved.append((await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles)
    const other: TestDevice = { ...anna, archive: moved }
    await writeItem(ben, "c")
    const [bundle] = (await ben.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles.slice(-1)
    if (bundle !== undefined) await moved.append([bundle])
    await world.reopen(other)
    expect(await itemsOf(other)).toEqual(["b", "c"])
    expect(feeds).toEqual([bundle?.bundle.feed as FeedId])
  })
})
