import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Socket } from "@home/shared/base"
import { type SecureChannel, createRoomSync } from "@home/shared/replica"
import { createTestClock } from "@home/shared/testing"
import { type PeerMessage, encodeHave, encodePeerMessage, linkPath, parsePeerMessage } from "@home/shared/wire"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { OpenDevice } from "../profile/device.js"
import { silentLog, systemClock, systemRandom } from "../profile/platform.js"
import { boxLimits } from "./limits.js"
import { type Box, type StartBoxOptions, startBox } from "./main.js"
import {
  archiveCount,
  claimBox,
  dialClaim,
  dialLink,
  everything,
  foundDevice,
  joinDevice,
  linkToBox,
  parseCode,
  readItems,
  roomDeps,
  strangersBundle,
  testDialer,
  testRelay as startTestRelay,
  welcome,
  writeItem,
} from "./testing/test-devices.js"

let root = ""
const open: { close(): Promise<unknown> }[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "home-box-"))
})
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
  rmSync(root, { recursive: true })
})

const kept = <T extends { close(): Promise<unknown> }>(thing: T): T => {
  open.push(thing)
  return thing
}
const boxDefaults = (): StartBoxOptions => ({
  dataDir: join(root, "box"),
  host: "127.0.0.1",
  port: 0,
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
})
const box = async (options: Partial<StartBoxOptions> = {}): Promise<Box> => {
  const started = await startBox({ ...boxDefaults(), ...options })
  if (!started.ok) throw new Error(JSON.stringify(started.error))
  return kept(started.value)
}
const testRelay = async (): Promise<Awaited<ReturnType<typeof startTestRelay>>> => kept(await startTestRelay(root))
const founder = async (): Promise<OpenDevice> => kept(await foundDevice(root, "anna"))

/** Links, waits until both sides have everything, and hangs up. */
const syncWith = async (device: OpenDevice, address: string): Promise<void> => {
  const link = await linkToBox(device, address)
  expect(await link.session.settle()).toBe(true)
  link.session.close()
}

/** Over a claim that succeeded: a family of one with its box. */
const claimed = async (options: Partial<StartBoxOptions> = {}): Promise<{ anna: OpenDevice; own: Box }> => {
  const anna = await founder()
  const own = await box(options)
  expect((await claimBox(anna, parseCode(own.claim))).ok).toBe(true)
  return { anna, own }
}
const health = async ({ address }: Box): Promise<unknown> =>
  (await fetch(`${address.replace(/^ws/, "http")}/health`)).json()
/** Rejects when the channel stays open. */
const closing = (channel: SecureChannel): Promise<void> => new Promise(resolve => channel.onClose(resolve))
const otherSecret = (code: string | undefined): ReturnType<typeof parseCode> => ({
  ...parseCode(code),
  secret: systemRandom.bytes(32),
})

describe("a claim", () => {
  it("[B1] takes the box in once: after it the code is gone and the join path closed", async () => {
    const anna = await founder()
    const own = await box()
    const invitation = parseCode(own.claim)
    expect(await health(own)).toEqual({ ok: true, claimed: false })
    const hosted = await claimBox(anna, invitation)
    expect(hosted.ok && hosted.value.newcomer.kind).toBe("box")
    expect(own.claim).toBeUndefined()
    expect(await health(own)).toEqual({ ok: true, claimed: true })
    await expect(claimBox(anna, invitation)).rejects.toThrow()
    const boxes = [...anna.replica.session.state().members.values()].filter(({ kind }) => kind === "box")
    expect(boxes.map(({ role }) => role)).toEqual(["user"])
  })

  it("[B2] with a wrong secret ends in silence, and the code stays good", async () => {
    const anna = await founder()
    const events: string[] = []
    const own = await box({ log: { event: name => void events.push(name) } })
    const code = own.claim
    const channel = await dialClaim(anna, otherSecret(code))
    const said: Uint8Array[] = []
    channel?.onMessage(bytes => void said.push(bytes))
    if (channel !== undefined) await closing(channel)
    expect(said).toEqual([])
    expect(events).toContain("claim refused")
    expect(own.claim).toBe(code)
    expect((await claimBox(anna, parseCode(code))).ok).toBe(true)
  })

  it("[B3] is refused unheard after ten failures of one address within a minute", async () => {
    const anna = await founder()
    const clock = createTestClock()
    const own = await box({ clock })
    const refused = async (): Promise<void> => {
      const channel = await dialClaim(anna, otherSecret(own.claim))
      if (channel !== undefined) await closing(channel)
    }
    for (let i = 0; i < 10; i++) await refused()
    expect(await dialClaim(anna, parseCode(own.claim))).toBeUndefined()
    clock.advance(60_001)
    expect((await claimBox(anna, parseCode(own.claim))).ok).toBe(true)
  })

  it("[B4] keeps its code over a restart, and when the claimer changes his mind", async () => {
    const anna = await founder()
    const own = await box()
    const before = parseCode(own.claim)
    expect(await claimBox(anna, before, { confirm: false })).toMatchObject({ error: { type: "Declined" } })
    await own.close()
    const again = await box()
    const after = parseCode(again.claim)
    expect(after.secret).toEqual(before.secret)
    expect(after.keyHash).toEqual(before.keyHash)
    expect((await claimBox(anna, after)).ok).toBe(true)
  })

  it("[B5] that breaks off after the box has proved its keys makes a new box and a new code", async () => {
    const anna = await founder()
    const codes: string[] = []
    const own = await box({ onClaimCode: code => void codes.push(code) })
    const before = parseCode(own.claim)
    const channel = await dialClaim(anna, before)
    if (channel === undefined) throw new Error("refused")
    let heard = 0
    channel.onMessage(() => {
      heard += 1
      if (heard === 1) channel.send(welcome(anna))
      else channel.close()
    })
    await vi.waitFor(() => expect(codes).toHaveLength(1))
    expect(own.claim).toBe(codes[0])
    const after = parseCode(codes[0])
    expect(after.secret).not.toEqual(before.secret)
    expect(after.keyHash).not.toEqual(before.keyHash)
    expect(await dialClaim(anna, before)).toBeUndefined()
    expect((await claimBox(anna, after)).ok).toBe(true)
  })

  it("[B6] works through the relay alone, and each attempt there burns the code", async () => {
    const relay = await testRelay()
    const anna = kept(await foundDevice(root, "anna", [relay.url]))
    const codes: string[] = []
    const own = await box({ relay: relay.url, onClaimCode: code => void codes.push(code) })
    const first = { ...parseCode(own.claim), addresses: [] }
    expect(first.relay).toBe(relay.url)
    expect(await claimBox(anna, first, { over: "relay", confirm: false })).toMatchObject({ ok: false })
    await vi.waitFor(() => expect(codes).toHaveLength(1))
    const second = { ...parseCode(codes[0]), addresses: [] }
    expect((await claimBox(anna, second, { over: "relay" })).ok).toBe(true)
    expect(own.claim).toBeUndefined()
  })
})

describe("the archive", () => {
  it("[B7] gives a second device what the first left, while the first is gone", async () => {
    const { anna, own } = await claimed()
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    await anna.close()
    await syncWith(ben, own.address)
    expect(await readItems(ben)).toEqual({ a: "apples" })
  })

  it("[B7] passes on to who is connected what another brings", async () => {
    const { anna, own } = await claimed()
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    await syncWith(anna, own.address)
    const link = await linkToBox(ben, own.address)
    await link.session.settle()
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    await vi.waitFor(async () => expect(await readItems(ben)).toEqual({ a: "apples" }))
    link.session.close()
  })

  it("[B8] is all there after a restart, without a code", async () => {
    const { anna, own } = await claimed()
    await writeItem(anna, "a", "apples")
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    await syncWith(anna, own.address)
    await own.close()
    const again = await box()
    expect(again.claim).toBeUndefined()
    await syncWith(ben, again.address)
    expect(await readItems(ben)).toEqual({ a: "apples" })
  })

  it("[B9] keeps what it cannot open, and gives it back", async () => {
    const anna = await founder()
    const own = await box()
    expect((await claimBox(anna, parseCode(own.claim), { circles: [] })).ok).toBe(true)
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    await syncWith(anna, own.address)
    await anna.close()
    await syncWith(ben, own.address)
    expect(await readItems(ben)).toEqual({ a: "apples" })
  })

  it("[B10] works over links while its relay is down", async () => {
    const relay = await testRelay()
    await relay.close()
    const anna = kept(await foundDevice(root, "anna", [relay.url]))
    const own = await box({ relay: relay.url })
    expect((await claimBox(anna, parseCode(own.claim))).ok).toBe(true)
    await writeItem(anna, "a", "apples")
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    await syncWith(anna, own.address)
    await syncWith(ben, own.address)
    expect(await readItems(ben)).toEqual({ a: "apples" })
  })

  it("[B11] takes in what lies at the family's relay", async () => {
    const relay = await testRelay()
    const anna = kept(await foundDevice(root, "anna", [relay.url]))
    const own = await box()
    expect((await claimBox(anna, parseCode(own.claim))).ok).toBe(true)
    await writeItem(anna, "a", "apples")
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    const room = createRoomSync(roomDeps(anna), { url: relay.url, origin: relay.url, isKeeper: false })
    expect(await room.settle()).toBe(true)
    room.close()
    await anna.close()
    await vi.waitFor(
      async () => {
        await syncWith(ben, own.address)
        expect(await readItems(ben)).toEqual({ a: "apples" })
      },
      { timeout: 10_000 },
    )
  })
})

describe("a link", () => {
  it("[B12] of a removed device is cut when the removal arrives, and never opened again", async () => {
    const { anna, own } = await claimed()
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    await syncWith(anna, own.address)
    const link = await linkToBox(ben, own.address)
    expect(await link.session.settle()).toBe(true)
    expect((await anna.replica.act(author => author.removeDevice(ben.replica.device))).ok).toBe(true)
    await syncWith(anna, own.address)
    await link.closed
    await writeItem(ben, "b", "bread")
    const again = await linkToBox(ben, own.address)
    expect(await again.session.settle()).toBe(false)
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    expect(await readItems(anna)).toEqual({ a: "apples" })
  })

  it("[B13] of a stranger gets nothing and leaves nothing, whatever he knows", async () => {
    const { anna, own } = await claimed()
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    const before = await archiveCount(anna, own)
    // A device that was removed knows the log key and all operations, and makes itself a new link key.
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    expect((await anna.replica.act(author => author.removeDevice(ben.replica.device))).ok).toBe(true)
    await syncWith(anna, own.address)
    const channel = await dialLink(ben, own.address, systemRandom.bytes(32))
    if (channel === undefined) throw new Error("refused")
    const heard: string[] = []
    channel.onMessage(bytes => void heard.push(parsePeerMessage(bytes)?.type ?? "?"))
    const say = (message: PeerMessage): void => channel.send(encodePeerMessage(message))
    const junk = ["Everyone", "log"].map(name => strangersBundle(ben, name === "log"))
    say({ type: "Have", have: { archive: "00".repeat(16), isKeeper: true, wants: { type: "Everything" }, positions: [] } })
    for (const bundle of junk) say({ type: "Bundles", bundles: [await bundle] })
    await vi.waitFor(() => expect(heard).toEqual(["Introduce"]))
    await syncWith(anna, own.address)
    expect(await archiveCount(anna, own)).toBe(before + 2)
    expect(heard).toEqual(["Introduce"])
    channel.close()
  })

  it("[B14] of a device that the box has not heard of begins with the log that admits it", async () => {
    const { anna, own } = await claimed()
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    const cara = kept(await joinDevice(ben, root, "cara", "own device"))
    await ben.replica.receive(await everything(anna))
    await cara.replica.receive(await everything(ben))
    await syncWith(cara, own.address)
    expect(await readItems(cara)).toEqual({ a: "apples" })
  })

  it("[B15] passes receipts on, and tells what the archive has", async () => {
    const clock = createTestClock()
    const { anna, own } = await claimed({ clock })
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    await syncWith(anna, own.address)
    const [one, two] = [await linkToBox(anna, own.address), await linkToBox(ben, own.address)]
    await Promise.all([one.session.settle(), two.session.settle()])
    await vi.waitFor(() => expect(one.signals.length * two.signals.length).toBeGreaterThan(0))
    const before = one.signals.length
    await writeItem(anna, "a", "apples")
    await vi.waitFor(async () => expect(await readItems(ben)).toEqual({ a: "apples" }))
    expect(one.signals).toHaveLength(before)
    clock.advance(2_000)
    await vi.waitFor(() => expect(one.signals.length).toBeGreaterThan(before))
    for (const signal of one.signals) {
      const opened = await anna.signals.open(signal)
      if (opened?.kind === "receipt") await anna.receipts.take(opened)
    }
    expect((await anna.receipts.peers()).find(({ isKeeper }) => isKeeper)?.missingThere).toBe(0)

    const circle = anna.replica.everyone()
    const sent = await ben.signals.seal(circle, "receipt", encodeHave(await ben.receipts.make(circle)))
    if (sent === undefined) throw new Error("not sealed")
    two.session.sendSignal(sent)
    await vi.waitFor(() => expect(one.signals).toContainEqual(sent))
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
    await vi.waitFor(() => expect(answers).toHaveLength(1))
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
    await vi.waitFor(() => expect(gone).toBe(sockets.length))
  })
})

describe("the box's folder", () => {
  it("[B19] is readable by its user only, and holds no secret in the clear", async () => {
    const { own } = await claimed()
    const dir = join(root, "box")
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o077).toBe(0)
    expect(statSync(join(dir, "key")).size).toBe(32)
    await own.close()
    rmSync(join(dir, "key"))
    const started = await startBox({ ...boxDefaults(), dataDir: dir })
    expect(started).toMatchObject({ error: { type: "KeyFileMissing" } })
  })

  it("[B20] opens with a passphrase file instead, and asks nobody", async () => {
    const passphraseFile = join(root, "passphrase")
    writeFileSync(passphraseFile, "correct horse battery staple\n", { mode: 0o600 })
    const own = await box({ passphraseFile })
    const code = parseCode(own.claim)
    await own.close()
    expect(readdirSync(join(root, "box"))).not.toContain("key")
    expect(parseCode((await box({ passphraseFile })).claim).secret).toEqual(code.secret)
  })

  it("[B21] says no more of itself than whether it is well and claimed", async () => {
    const { own } = await claimed()
    const http = own.address.replace(/^ws/, "http")
    expect(await health(own)).toEqual({ ok: true, claimed: true })
    expect((await fetch(`${http}/`)).status).toBe(404)
    expect((await fetch(`${http}/health`, { method: "POST" })).status).toBe(404)
  })
})
