import type { Clock } from "@home/shared/base"
import { afterEach, describe, expect, it } from "vitest"
import { WebSocket } from "ws"
import { addressKey, isLoopback } from "./address-key.js"
import { listen } from "./listen.js"
import type { Listening } from "./listening.js"
import { type KeepAlive, type WsSocket, createWsDialer } from "./ws-socket.js"

const clock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

describe("WebSocket sockets", () => {
  const opened: Listening[] = []
  const start = async (onSocket: (socket: WsSocket) => void, keepAlive?: KeepAlive): Promise<string> => {
    const options = {
      host: "127.0.0.1",
      port: 0,
      maxMessageBytes: 1_000,
      maxConnections: 10,
      trustForwardedFor: false,
    }
    const listening = await listen(clock, keepAlive === undefined ? options : { ...options, keepAlive }, {
      onSocket,
      onRequest: (_, response) => void response.end(),
    })
    if (!listening.ok) throw new Error(listening.error.type)
    opened.push(listening.value)
    return `ws://127.0.0.1:${listening.value.port}`
  }
  afterEach(async () => {
    for (const listening of opened.splice(0)) await listening.close()
  })
  const dialer = createWsDialer(clock, { maxMessageBytes: 1_000, handshakeMs: 5_000 })

  it("[R33] carries messages both ways, also those that came before anybody listened, and tells of the end", async () => {
    const url = await start(socket => {
      socket.send(new Uint8Array([1]))
      socket.onMessage(bytes => {
        socket.send(bytes)
        socket.close()
      })
    })
    const socket = await dialer.connect(url)
    const got: number[] = []
    const ended = new Promise<void>(resolve => socket.onClose(resolve))
    socket.onMessage(bytes => {
      got.push(...bytes)
      if (got.length === 1) socket.send(new Uint8Array([2, 3]))
    })
    await ended
    expect(got).toEqual([1, 2, 3])
    socket.send(new Uint8Array([4]))
    expect(socket.bufferedBytes()).toBe(0)
    await expect(dialer.connect("ws://127.0.0.1:1")).rejects.toThrow()
  })

  it("[R33] holds back what is not wanted yet: the sender's buffer grows, and nothing is lost", async () => {
    const sockets: WsSocket[] = []
    const got: number[] = []
    const url = await start(socket => {
      sockets.push(socket)
      socket.hold?.(true)
      socket.onMessage(bytes => got.push(bytes.length))
    })
    const ws = new WebSocket(url)
    await new Promise(resolve => ws.once("open", resolve))
    const count = 40_000
    for (let i = 0; i < count; i++) ws.send(new Uint8Array(900))
    // The network took what fits into its buffers, and then no more.
    let before = -1
    for (let same = 0; same < 2_000; before = ws.bufferedAmount) {
      await new Promise(resolve => setImmediate(resolve))
      same = before === ws.bufferedAmount ? same + 1 : 0
    }
    expect(ws.bufferedAmount).toBeGreaterThan(1 << 20)
    expect(got.length).toBeLessThan(count / 2)
    sockets[0]?.hold?.(false)
    const ended = new Promise<void>(resolve => sockets[0]?.onClose(resolve))
    ws.close()
    await ended
    expect(got).toHaveLength(count)
  })

  it("[R33] what is sent at once leaves together, and does not wait for what the sender does next", async () => {
    const got: number[] = []
    let isAllThere = (): void => {}
    const allThere = new Promise<void>(resolve => (isAllThere = resolve))
    const url = await start(socket =>
      socket.onMessage(bytes => {
        got.push(...bytes)
        if (got.length === 2) isAllThere()
      }),
    )
    const socket = await dialer.connect(url)
    socket.send(new Uint8Array([1]))
    socket.send(new Uint8Array([2]))
    expect(socket.bufferedBytes()).toBeGreaterThan(0)
    // As an edit's author goes on, promise after promise, without the event loop getting its turn.
    for (let i = 0; i < 3; i++) await Promise.resolve()
    expect(socket.bufferedBytes()).toBe(0)
    await allThere
    expect(got).toEqual([1, 2])
    socket.close()
  })

  it("[R33] closes on a text message", async () => {
    const received: Uint8Array[] = []
    const url = await start(socket => socket.onMessage(bytes => received.push(bytes)))
    const ws = new WebSocket(url)
    await new Promise(resolve => ws.once("open", resolve))
    ws.send("text")
    expect(await new Promise(resolve => ws.once("close", resolve))).toBe(1003)
    expect(received).toEqual([])
  })

  it("[R33] cuts off a peer that does not answer pings", async () => {
    const ended = new Promise<void>(resolve => {
      void start(socket => socket.onClose(resolve), { pingMs: 5, timeoutMs: 20 }).then(url => {
        const ws = new WebSocket(url, { autoPong: false })
        ws.on("error", () => {})
      })
    })
    await ended
  })

  it("[R34] counts IPv4 addresses whole and IPv6 ones by their /64", () => {
    expect(addressKey("192.0.2.7")).toBe("192.0.2.7")
    expect(addressKey("::ffff:192.0.2.7")).toBe("192.0.2.7")
    expect(addressKey("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64")
    expect(addressKey("2001:DB8:1:2::6")).toBe("2001:db8:1:2::/64")
    expect(addressKey("2001:db8::6")).toBe("2001:db8:0:0::/64")
    expect(addressKey("::1")).toBe("0:0:0:0::/64")
    expect(addressKey("fe80::1%eth0")).toBe("fe80:0:0:0::/64")
    expect([addressKey(undefined), addressKey("nonsense")]).toEqual(["unknown", "unknown"])
    expect(["127.0.0.1", "::1", "::ffff:127.0.0.1", "192.0.2.7", undefined].map(isLoopback)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
})
