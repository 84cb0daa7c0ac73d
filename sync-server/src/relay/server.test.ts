import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { equalBytes, textToBytes } from "@home/shared/base"
import { challengeDomain, challengeMessage, encodeClientFrame } from "@home/shared/wire"
import { afterEach, describe, expect, it } from "vitest"
import type { RelayLimits } from "./limits.js"
import { startRelay } from "./main.js"
import type { Relay, RelayOptions } from "./server.js"
import {
  type RawClient,
  connectRaw,
  createTestRoom,
  silentLog,
  systemClock,
  systemRandom,
  testOrigin,
  testVerify,
} from "./testing.js"

const blobOf = (text: string): Uint8Array => textToBytes(text)

describe("the relay on a real port", () => {
  const opened: Relay[] = []
  const directories: string[] = []
  const clients: RawClient[] = []

  const newDirectory = (): string => {
    const directory = mkdtempSync(join(tmpdir(), "home-relay-"))
    directories.push(directory)
    return directory
  }
  const start = async (
    limits: Partial<RelayLimits> = {},
    options: Partial<RelayOptions> & { dataDir?: string } = {},
  ): Promise<Relay> => {
    const relay = await startRelay({
      host: "127.0.0.1",
      port: 0,
      dataDir: options.dataDir ?? newDirectory(),
      verify: testVerify,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      limits,
      ...options,
    })
    if (!relay.ok) throw new Error(relay.error.type)
    opened.push(relay.value)
    return relay.value
  }
  const connect = async (relay: Relay): Promise<RawClient> => {
    const client = await connectRaw(relay.url)
    clients.push(client)
    return client
  }
  afterEach(async () => {
    for (const client of clients.splice(0)) client.ws.terminate()
    for (const relay of opened.splice(0)) await relay.close()
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
  })

  it("[R1] [R9] brings a post to the others in the room, acknowledges it, and keeps it for who comes later", async () => {
    const relay = await start()
    const room = createTestRoom()
    const [anna, ben] = [await connect(relay), await connect(relay)]
    const joined = await anna.join(room)
    await ben.join(room)
    expect(joined).toMatchObject({ from: 0, first: 1, next: 1 })
    const ack = await anna.post(room, 1, blobOf("first"))
    expect(ack.caughtUp).toBe(true)
    const live = await ben.wait("Blob")
    expect(live.offset).toBe(ack.offset)
    expect(equalBytes(live.blob, blobOf("first"))).toBe(true)
    expect(anna.frames.some(frame => frame.type === "Blob")).toBe(false)
    const late = await connect(relay)
    await late.join(room)
    expect((await late.wait("Blob")).offset).toBe(ack.offset)
    await late.wait("CaughtUp", frame => frame.next === ack.offset + 1)
    const returning = await connect(relay)
    await returning.join(room, ack.offset, joined.store)
    await returning.wait("CaughtUp")
    expect(returning.frames.some(frame => frame.type === "Blob")).toBe(false)
  })

  it("[R2] gives one answer to a wrong signature, to another room's key and for a room nobody knows", async () => {
    const relay = await start()
    const [known, other] = [createTestRoom(), createTestRoom()]
    const member = await connect(relay)
    await member.join(known)
    await member.post(known, 1, blobOf("there"))
    const refusals = []
    for (const target of [known, createTestRoom()]) {
      const stranger = await connect(relay)
      const { nonce } = await stranger.wait("Challenge")
      const signature = other.sign(challengeDomain, challengeMessage(nonce, target.id, testOrigin))
      const frame = {
        type: "Join",
        room: target.id,
        origin: testOrigin,
        store: undefined,
        after: 0,
        window: 0,
      } as const
      stranger.send({ ...frame, signature })
      const { reason, retryMs } = await stranger.wait("Refused")
      refusals.push({ reason, retryMs })
    }
    expect(refusals[0]).toEqual({ reason: "NotProven", retryMs: 0 })
    expect(refusals[1]).toEqual(refusals[0])
  })

  it("[R2] takes no signature over another connection's challenge, nor one for another origin", async () => {
    const relay = await start({}, { origins: [testOrigin] })
    const room = createTestRoom()
    const [first, second] = [await connect(relay), await connect(relay)]
    const theirs = (await first.wait("Challenge")).nonce
    const own = (await second.wait("Challenge")).nonce
    const join = (nonce: Uint8Array, signed: string, origin: string): void => {
      const signature = room.sign(challengeDomain, challengeMessage(nonce, room.id, signed))
      second.send({ type: "Join", room: room.id, origin, signature, store: undefined, after: 0, window: 0 })
    }
    join(theirs, testOrigin, testOrigin)
    await second.wait("Refused")
    join(own, "wss://other.example", testOrigin)
    join(own, "wss://other.example", "wss://other.example")
    await second.wait("Refused", frame => second.frames.indexOf(frame) > 2)
    expect(
      second.frames.filter(frame => frame.type === "Refused").every(frame => frame.reason === "NotProven"),
    ).toBe(true)
    await second.join(room)
  })

  it("[R5] closes a connection whose frame was altered, and serves the others", async () => {
    const relay = await start()
    const room = createTestRoom()
    const [good, bad] = [await connect(relay), await connect(relay)]
    await good.join(room)
    await bad.join(room)
    const bytes = encodeClientFrame({ type: "Post", request: 1, room: room.id, blob: blobOf("x") })
    bad.sendBytes(bytes.subarray(0, bytes.length - 1))
    expect((await bad.wait("Refused")).reason).toBe("Malformed")
    expect(await bad.closed()).toBe(1008)
    await good.post(room, 1, blobOf("still here"))
  })

  it("[R6] refuses what is larger than a blob may be, by its length alone when it is far too large", async () => {
    const relay = await start({ blobBytes: 1_000 })
    const room = createTestRoom()
    const client = await connect(relay)
    await client.join(room)
    expect((await client.wait("Challenge")).blobBytes).toBe(1_000)
    client.send({ type: "Post", request: 1, room: room.id, blob: new Uint8Array(1_001) })
    expect(await client.wait("Refused")).toMatchObject({ reason: "BlobTooLarge", subject: { request: 1 } })
    await client.post(room, 2, new Uint8Array(1_000))
    client.sendBytes(new Uint8Array(10_000))
    expect(await client.closed()).toBe(1009)
  })

  it("[R7] [R13] holds back a flood with typed refusals, then closes it", async () => {
    const relay = await start({ requestRate: { burst: 50, perSecond: 1 } })
    const room = createTestRoom()
    const client = await connect(relay)
    await client.join(room)
    for (let i = 1; i <= 200; i++)
      client.send({ type: "Post", request: i, room: room.id, blob: blobOf("flood") })
    expect((await client.wait("Refused", frame => frame.subject.type === "Post")).reason).toBe("RateLimited")
    await client.wait("Refused", frame => frame.subject.type === "Connection")
    expect(await client.closed()).toBe(1008)
    expect(client.frames.filter(frame => frame.type === "Ack").length).toBeLessThanOrEqual(50)
  })

  it("[R12] a peer that does not read costs no more than its buffer, and later gets everything in order", async () => {
    const relay = await start({ sendBufferBytes: 256 * 1024 })
    const room = createTestRoom()
    const [slow, fast] = [await connect(relay), await connect(relay)]
    const { store } = await slow.join(room)
    await slow.wait("CaughtUp")
    await fast.join(room)
    slow.ws.pause()
    const blob = new Uint8Array(64 * 1024)
    // Far more than the kernel's socket buffers on both sides hold.
    const count = 400
    const offsets: number[] = []
    for (let i = 1; i <= count; i++) {
      blob[0] = i % 256
      offsets.push((await fast.post(room, i, blob.slice())).offset)
    }
    const behind = await fetch(`http://127.0.0.1:${relay.port}/metrics`)
    const forwarded = Number(/home_relay_forwarded_total (\d+)/.exec(await behind.text())?.[1])
    expect(forwarded).toBeLessThan(count)
    slow.ws.resume()
    await slow.wait("Blob", frame => frame.offset === offsets.at(-1))
    const got = slow.frames.filter(frame => frame.type === "Blob")
    expect(got.map(frame => frame.offset)).toEqual(offsets)
    expect(got.every((frame, i) => frame.blob[0] === (i + 1) % 256)).toBe(true)
    expect(store).toHaveLength(32)
  })

  it("[R14] closes who proves no room in time", async () => {
    const relay = await start({ challengeMs: 1, tickMs: 5 })
    const client = await connect(relay)
    expect((await client.wait("Refused")).reason).toBe("TooSlow")
    expect(await client.closed()).toBe(1008)
  })

  it("[R15] counts connections per address and says when to come again", async () => {
    const relay = await start({ connectionsPerAddress: 1 })
    const first = await connect(relay)
    await first.wait("Challenge")
    const second = await connect(relay)
    expect(await second.wait("Refused")).toMatchObject({ reason: "AddressBusy", retryMs: 60_000 })
    first.ws.close()
    await first.closed()
    await expect
      .poll(async () => {
        const third = await connect(relay)
        return third.wait("Challenge").then(
          () => true,
          () => false,
        )
      })
      .toBe(true)
  })

  it("[R30] tells its health and plain counts, without rooms or addresses", async () => {
    const relay = await start()
    const room = createTestRoom()
    const client = await connect(relay)
    await client.join(room)
    await client.post(room, 1, blobOf("counted"))
    const http = `http://127.0.0.1:${relay.port}`
    expect(await (await fetch(`${http}/health`)).json()).toEqual({ status: "ok" })
    const metrics = await (await fetch(`${http}/metrics`)).text()
    expect(metrics).toContain("home_relay_stored_total 1\n")
    expect(metrics).not.toContain(room.id.slice(0, 8))
    expect(metrics).not.toContain("127.0.0.1")
    expect(metrics.split("\n").every(line => /^([a-z_]+ \d+)?$/.test(line))).toBe(true)
    expect((await fetch(`${http}/metrics`, { headers: { "x-forwarded-for": "192.0.2.1" } })).status).toBe(404)
    expect((await fetch(`${http}/anything`)).status).toBe(404)
  })

  it("[R31] stores and acknowledges what was posted before it shuts down, and says 1001", async () => {
    const dataDir = newDirectory()
    const relay = await start({ commitDelayMs: 60_000, commitPosts: 1_000 }, { dataDir })
    const room = createTestRoom()
    const client = await connect(relay)
    const { store } = await client.join(room)
    for (let i = 1; i <= 20; i++)
      client.send({ type: "Post", request: i, room: room.id, blob: blobOf(`post ${i}`) })
    client.send({ type: "Ping" })
    await client.wait("Pong")
    expect(client.frames.some(frame => frame.type === "Ack")).toBe(false)
    await relay.close()
    expect(await client.closed()).toBe(1001)
    expect(client.frames.filter(frame => frame.type === "Ack")).toHaveLength(20)
    const again = await start({}, { dataDir })
    const reader = await connect(again)
    expect((await reader.join(room)).store).toBe(store)
    await reader.wait("CaughtUp")
    expect(reader.frames.filter(frame => frame.type === "Blob")).toHaveLength(20)
    await expect(connectRaw(relay.url)).rejects.toThrow()
  })

  it("[R32] says which port is taken and which folder is in use", async () => {
    const dataDir = newDirectory()
    const relay = await start({}, { dataDir })
    const deps = { verify: testVerify, clock: systemClock, random: systemRandom, log: silentLog }
    expect(
      await startRelay({ ...deps, host: "127.0.0.1", port: relay.port, dataDir: newDirectory() }),
    ).toEqual({
      ok: false,
      error: { type: "PortInUse", port: relay.port },
    })
    expect(await startRelay({ ...deps, host: "127.0.0.1", port: 0, dataDir })).toEqual({
      ok: false,
      error: { type: "MailboxInUse" },
    })
  })
})
