import { createDeviceIdentity, createSealer } from "@home/crypto"
import type { Dialer, Socket } from "@home/shared/base"
import { requestJoin } from "@home/shared/replica"
import { createTestClock } from "@home/shared/testing"
import { encodeInvitation, parseInvitation, parseRelayFrame } from "@home/shared/wire"
import { parted, watchClose } from "@home/shared/device"
import { afterAll, describe, expect, it } from "vitest"
import { createHome } from "./home.js"
import { join } from "./join.js"
import { dialInvitation } from "./meeting.js"
import { testRelay } from "./testing/relay.js"
import { foundIn, home, inviting, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)

/** Keeps a relay's acknowledgements back until they are let through. */
const holdAcks = (dialer: Dialer): { readonly dialer: Dialer; readonly letThrough: () => void } => {
  let held: (() => void)[] | undefined = []
  const holding = (socket: Socket): Socket => ({
    ...socket,
    onMessage: receive =>
      socket.onMessage(bytes => {
        const frame = parseRelayFrame(bytes)
        if (held !== undefined && frame.ok && frame.value.type === "Ack") held.push(() => receive(bytes))
        else receive(bytes)
      }),
  })
  return {
    dialer: { connect: async url => holding(await dialer.connect(url)) },
    letThrough: () => {
      const acks = held ?? []
      held = undefined
      for (const ack of acks) ack()
    },
  }
}

describe("parting", () => {
  it("[C19] join waits until the relay has its last word", async () => {
    const relay = await testRelay(folder.path("relay"))
    const anna = folder.path("anna")
    await foundIn(anna, "--relay", relay.url)
    const lines: string[] = []
    const terminal = {
      print: (line: string) => void lines.push(line),
      say: () => {},
      progress: () => {},
      env: (name: string) => ({ HOME_PASSPHRASE: "correct horse", HOME_PASSPHRASE_COST: "floor" })[name],
      ask: () => Promise.resolve(undefined),
      askSecret: () => Promise.resolve(undefined),
    }
    const ben = createHome(terminal, { dataDir: folder.path("ben"), isJson: true })
    const { dialer, letThrough } = holdAcks(ben.dialer)
    const { invited, used } = await inviting(anna, text => {
      const invitation = parseInvitation(text)
      if (invitation === undefined) throw new Error("no invitation")
      const overRelay = encodeInvitation({ ...invitation, addresses: ["ws://127.0.0.1:1"] })
      const options = { invitation: overRelay, member: "Ben", deviceName: "Laptop" }
      // Not awaited here: the host ends first.
      return Promise.resolve({ joining: join({ ...ben, dialer }, options) })
    })
    expect(invited.code).toBe(0)
    // The host has had the last word, and time for more; the newcomer does not know yet.
    expect((await home(["members", "--data", anna, "--json"])).json).toHaveLength(2)
    expect(lines).toEqual([])
    letThrough()
    expect((await used.joining).ok).toBe(true)
    expect(lines).toHaveLength(1)
    await relay.close()
  })

  it("[C19a] invite says so when the newcomer was admitted and then fell silent", async () => {
    const anna = folder.path("c19a", "anna")
    await foundIn(anna)
    const terminal = {
      print: () => {},
      say: () => {},
      progress: () => {},
      env: () => undefined,
      ask: () => Promise.resolve(undefined),
      askSecret: () => Promise.resolve(undefined),
    }
    const ben = createHome(terminal, { dataDir: folder.path("c19a", "ben"), isJson: true })
    const sealer = createSealer({ random: ben.random })
    const identity = createDeviceIdentity(ben.random)
    const { invited } = await inviting(anna, async text => {
      const invitation = parseInvitation(text)
      if (invitation === undefined) throw new Error("no invitation")
      const { link } = identity.secrets
      const met = await dialInvitation(ben, sealer, invitation, { linkSecret: link, digits: true })
      if (!met.ok) throw new Error(met.error.message)
      const self = { kind: "person", name: "Ben" } as const
      expect((await requestJoin(met.value.channel, { sealer, identity }, self)).ok).toBe(true)
      // It has everything, and dies before it has written it down.
      met.value.channel.close()
    })
    expect(invited.code).toBe(5)
    const joined = invited.json.find(line => "joined" in line)
    expect(joined).toMatchObject({ stored: false, joined: { name: "Ben" } })
    expect(invited.err).toContain("home remove")
    expect((await home(["members", "--data", anna, "--json"])).json).toHaveLength(2)
  })

  it("[C19] but not for ever, and not longer than needed", async () => {
    const listeners: (() => void)[] = []
    const silent: Socket = {
      send: () => {},
      close: () => {},
      bufferedBytes: () => 0,
      onMessage: () => {},
      onClose: listener => void listeners.push(listener),
    }
    const clock = createTestClock()
    const never = parted({ clock }, watchClose(silent))
    clock.advance(11_000)
    await never

    const { socket, closed } = watchClose(silent)
    let heard = 0
    socket.onClose(() => {
      heard += 1
    })
    for (const listener of listeners) listener()
    await parted({ clock }, { closed })
    expect([heard, clock.pending()]).toEqual([1, 0])
  })
})
