import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { bytesToHex, textToBytes } from "@home/shared/base"
import { type RelaySession, createRelaySession } from "@home/shared/wire"
import { build } from "vite"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createWsDialer } from "../net/ws-socket.js"
import { connectRaw, createTestRoom, systemClock, systemRandom, testOrigin } from "./testing.js"

const here = dirname(fileURLToPath(import.meta.url))
const repository = join(here, "../../..")

describe("a relay that is killed", () => {
  // Inside the repository, so that the bundle finds its native dependencies.
  const caches = join(repository, "node_modules/.cache")
  let directory = ""
  const children: ChildProcess[] = []

  beforeAll(async () => {
    mkdirSync(caches, { recursive: true })
    directory = mkdtempSync(join(caches, "relay-crash-"))
    await build({
      root: repository,
      configFile: false,
      logLevel: "error",
      ssr: { noExternal: [/^@home\//] },
      build: {
        ssr: join(here, "crash-child.ts"),
        outDir: directory,
        target: "node20",
        minify: false,
        rollupOptions: { output: { entryFileNames: "relay.mjs" } },
      },
    })
  })
  afterAll(() => {
    for (const child of children) child.kill("SIGKILL")
    rmSync(directory, { recursive: true })
  })

  const run = async (dataDir: string): Promise<{ readonly url: string; kill(): Promise<void> }> => {
    const child = spawn(process.execPath, [join(directory, "relay.mjs"), dataDir], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    children.push(child)
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()))
      child.once("exit", code => reject(new Error(`the relay ended with ${code}`)))
    })
    const kill = (): Promise<void> =>
      new Promise(resolve => {
        child.once("exit", () => resolve())
        child.kill("SIGKILL")
      })
    return { url, kill }
  }

  it("[R9] [R22] [F11] keeps all it acknowledged, and gives no offset that anybody saw to other bytes", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "home-relay-"))
    const room = createTestRoom()
    /** By offset, over all runs: what a watcher saw live or an acknowledgement named. */
    const byOffset = new Map<number, string>()
    const note = (offset: number, hex: string): void => {
      expect(byOffset.get(offset) ?? hex).toBe(hex)
      byOffset.set(offset, hex)
    }
    const posted = new Map<number, string>()
    const acknowledged = new Map<number, number>()
    let session: RelaySession | undefined
    let store: string | undefined
    let shownBeforeStored = 0
    const address = { url: "", origin: testOrigin }
    let wake = (): void => {}
    const until = async (condition: () => boolean): Promise<void> => {
      while (!condition()) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    }
    try {
      // Four kills, and more until one fell between showing and storing: where that is a matter of luck.
      let rounds = 0
      for (let round = 1; round <= 4 || (shownBeforeStored === 0 && round <= 20); round++) {
        rounds = round
        const relay = await run(dataDir)
        address.url = relay.url
        const watcher = await connectRaw(relay.url)
        const joined = await watcher.join(room, 0, store)
        store ??= joined.store
        expect(joined.store).toBe(store)
        watcher.ws.on("message", () => wake())
        if (session === undefined) {
          session = createRelaySession(
            {
              dialer: createWsDialer(systemClock, { maxMessageBytes: 6_000_000, handshakeMs: 5_000 }),
              clock: systemClock,
              random: systemRandom,
              sign: async (_, domain, message) => room.sign(domain, message),
            },
            address,
            {
              onState: () => wake(),
              onJoined: () => wake(),
              onGap: (_, gap) => {
                throw new Error(`a gap: ${gap.type}`)
              },
              onBlob: (_, offset, blob) => note(offset, bytesToHex(blob)),
              onCaughtUp: () => {},
              onCast: () => {},
              onAck: (post, { offset }) => {
                acknowledged.set(post, offset)
                note(offset, posted.get(post) ?? "")
                wake()
              },
              onRefused: refusal => {
                throw new Error(`refused: ${refusal.reason}`)
              },
            },
          )
          session.join(room.id, { store: undefined, after: 0 })
        }
        session.retryNow()
        const before = acknowledged.size
        for (let i = 0; i < 300; i++) {
          const blob = textToBytes(`${round} ${i} ${"x".repeat((i * 37) % 2_000)}`)
          posted.set(session.post(room.id, blob), bytesToHex(blob))
        }
        // In mid-post: some are acknowledged, some shown, some not even received.
        await until(() => acknowledged.size > before + 20)
        await relay.kill()
        await watcher.closed()
        for (const frame of watcher.frames)
          if (frame.type === "Blob") note(frame.offset, bytesToHex(frame.blob))
        const offsets = new Set(acknowledged.values())
        shownBeforeStored += [...byOffset.keys()].filter(offset => !offsets.has(offset)).length
      }
      const relay = await run(dataDir)
      address.url = relay.url
      session?.retryNow()
      await until(() => session?.unacknowledged() === 0)
      const reader = await connectRaw(relay.url)
      await reader.join(room)
      await reader.wait("CaughtUp")
      const kept = new Map<number, string>()
      for (const frame of reader.frames)
        if (frame.type === "Blob") kept.set(frame.offset, bytesToHex(frame.blob))
      for (const [offset, hex] of kept) note(offset, hex)
      expect(acknowledged.size).toBe(300 * rounds)
      for (const [post, offset] of acknowledged) expect(kept.get(offset)).toBe(posted.get(post))
      // The kills fell where they hurt.
      expect(shownBeforeStored).toBeGreaterThan(0)
    } finally {
      session?.close()
      rmSync(dataDir, { recursive: true })
    }
  })
})
