import type { Socket } from "@home/shared/base"
import { createTestClock } from "@home/shared/testing"
import {
  type PeerMessage,
  encodeHave,
  firstFeed,
  encodePeerMessage,
  linkPath,
  parsePeerMessage,
} from "@home/shared/wire"
import { describe, expect, it } from "vitest"
import { systemClock, systemRandom } from "../profile/platform.js"
import { boxLimits } from "./limits.js"
import { createBoxWorld, syncWith } from "./testing/box-world.js"
import {
  archiveCount,
  dialLink,
  everything,
  linkToBox,
  readItems,
  strangersBundle,
  testDialer,
  writeItem,
} from "./testing/test-devices.js"

const { claimed, joined } = createBoxWorld()

describe("a link", () => {
  it("[B12] of a removed device is cut when the removal arrives, and never opened again", async () => {
    const { anna, own } = await claimed()
    const ben = await joined(anna, "ben")
    await syncWith(anna, own.address)
    const link = await linkToBox(ben, own.address)
    expect(await link.session.settle()).toBe(true)
    expect((await anna.replica.act(author => author.removeDevice(ben.replica.device))).ok).toBe(true)
    await syncWith(anna, own.address)
    await link.closed
    await writeItem(ben, "b", "bread")
    const again = await linkToBox(ben, own.address)
    expect(await again.session.settle()).toBe(false)
    // It hears of its removal, and of nothing that came after it.
    const carl = await joined(anna, "carl")
    await syncWith(anna, own.address)
    const once = await linkToBox(ben, own.address)
    expect(await once.session.settle()).toBe(false)
    await expect.poll(() => ben.replica.session.state().devices.get(ben.replica.device)?.live).toBe(false)
    expect(ben.replica.session.state().devices.has(carl.replica.device)).toBe(false)
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    expect(await readItems(anna)).toEqual({ a: "apples" })
  })

  it("[B12a] of a guest whose stay is over by the box's clock gets nothing, although the log has him in", async () => {
    let aheadMs = 0
    const { anna, own } = await claimed({
      clock: { ...systemClock, now: () => systemClock.now() + aheadMs },
    })
    const hourMs = 3_600_000
    const guest = await joined(anna, "guest", { guestUntilMs: systemClock.now() + hourMs })
    await syncWith(anna, own.address)
    await syncWith(guest, own.address)
    const open = await linkToBox(guest, own.address)
    expect(await open.session.settle()).toBe(true)
    aheadMs = 2 * hourMs
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    await open.closed
    expect(await (await linkToBox(guest, own.address)).session.settle()).toBe(false)
    expect(anna.replica.session.state().devices.get(guest.replica.device)?.live).toBe(true)
  })

  it("[B13] of a stranger gets nothing and leaves nothing, whatever he knows", async () => {
    const { anna, own } = await claimed()
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    const before = await archiveCount(anna, own)
    // A device that was removed knows the log key and all operations, and makes itself a new link key.
    const ben = await joined(anna, "ben")
    expect((await anna.replica.act(author => author.removeDevice(ben.replica.device))).ok).toBe(true)
    await syncWith(anna, own.address)
    const channel = await dialLink(ben, own.address, systemRandom.bytes(32))
    if (channel === undefined) throw new Error("refused")
    const heard: string[] = []
    channel.onMessage(bytes => void heard.push(parsePeerMessage(bytes)?.type ?? "?"))
    const say = (message: PeerMessage): void => channel.send(encodePeerMessage(message))
    const junk = ["Everyone", "log"].map(name => strangersBundle(ben, name === "log"))
    say({
      type: "Have",
      have: {
        archive: "00".repeat(16),
        isKeeper: true,
        wants: { type: "Everything" },
        from: firstFeed,
        before: undefined,
        positions: [],
      },
    })
    for (const bundle of junk) say({ type: "Bundles", bundles: [await bundle] })
    await expect.poll(() => [...new Set(heard)]).toEqual(["Introduce"])
    await syncWith(anna, own.address)
    expect(await archiveCount(anna, own)).toBe(before + 2)
    expect([...new Set(heard)]).toEqual(["Introduce"])
    channel.close()
  })

  it("[B14] of a device that the box has not heard of begins with the log that admits it", async () => {
    const { anna, own } = await claimed()
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    const ben = await joined(anna, "ben")
    const cara = await joined(ben, "cara", "own device")
    await ben.replica.receive(await everything(anna))
    await cara.replica.receive(await everything(ben))
    await syncWith(cara, own.address)
    expect(await readItems(cara)).toEqual({ a: "apples" })
  })

  it("[B15] passes receipts on, and tells what the archive has", async () => {
    const clock = createTestClock()
    const { anna, own } = await claimed({ clock })
    const ben = await joined(anna, "ben")
    await syncWith(anna, own.address)
    const [one, two] = [await linkToBox(anna, own.address), await linkToBox(ben, own.address)]
    await Promise.all([one.session.settle(), two.session.settle()])
    await expect.poll(() => one.signals.length * two.signals.length).toBeGreaterThan(0)
    await writeItem(anna, "a", "apples")
    await expect.poll(() => readItems(ben)).toEqual({ a: "apples" })
    // Each settling brings one; the edit itself is told of later, after a quiet time.
    await Promise.all([one.session.settle(), two.session.settle()])
    const before = one.signals.length
    clock.advance(2_000)
    await expect.poll(() => one.signals.length).toBeGreaterThan(before)
    for (const signal of one.signals) {
      const opened = await anna.signals.open(signal)
      if (opened?.kind === "receipt") await anna.receipts.take(opened)
    }
    expect((await anna.receipts.peers()).find(({ isKeeper }) => isKeeper)?.missingThere).toBe(0)

    const circle = anna.replica.everyone()
    const [page] = await ben.receipts.make(circle)
    const sent = page && (await ben.signals.seal(circle, "receipt", encodeHave(page)))
    if (sent === undefined) throw new Error("not sealed")
    two.session.sendSignal(sent)
    await expect.poll(() => one.signals).toContainEqual(sent)
    expect(two.signals).not.toContainEqual(sent)
  })

  it("[B16] does nothing before its peer has spoken behind the handshake, which could be a recording", async () => {
    const { anna, own } = await claimed()
    await syncWith(anna, own.address)
    const recorded: Uint8Array[] = []
    const link = await linkToBox(anna, own.address, undefined, bytes => void recorded.push(bytes))
    expect(await link.session.settle()).toBe(true)
    const replay = await testDialer.connect(`${own.address}${linkPath}`)
    const answers: number[] = []
    replay.onMessage(bytes => void answers.push(bytes.length))
    if (recorded[0] !== undefined) replay.send(recorded[0])
    await expect.poll(() => answers).toHaveLength(1)
    expect(await link.session.settle()).toBe(true)
    expect(answers).toHaveLength(1)
    replay.close()
    link.session.close()
  })

  it("[B17] is one for each device: a second connection takes the place of the first", async () => {
    const { anna, own } = await claimed()
    const first = await linkToBox(anna, own.address)
    expect(await first.session.settle()).toBe(true)
    const second = await linkToBox(anna, own.address)
    expect(await second.session.settle()).toBe(true)
    await first.closed
    second.session.close()
  })

  it("[B18] must be made in time, and one address has only so many", async () => {
    const clock = createTestClock()
    const { own } = await claimed({ clock })
    const sockets: Socket[] = []
    let gone = 0
    for (let i = 0; i < boxLimits.linksPerAddress; i++) {
      const socket = await testDialer.connect(`${own.address}${linkPath}`)
      socket.onClose(() => void gone++)
      sockets.push(socket)
    }
    const over = await testDialer.connect(`${own.address}${linkPath}`)
    await new Promise<void>(resolve => over.onClose(resolve))
    expect(gone).toBe(0)
    clock.advance(boxLimits.handshakeMs)
    await expect.poll(() => gone).toBe(sockets.length)
  })
})
