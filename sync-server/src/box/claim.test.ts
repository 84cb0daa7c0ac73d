import { createTestClock } from "@home/shared/testing"
import { describe, expect, it } from "vitest"
import { systemRandom } from "../profile/platform.js"
import { closing, createBoxWorld, healthOf } from "./testing/box-world.js"
import { claimBox, dialClaim, parseCode, welcome } from "./testing/test-devices.js"

const { box, founder, relay: relayOf } = createBoxWorld()
const otherSecret = (code: string | undefined): ReturnType<typeof parseCode> => ({
  ...parseCode(code),
  secret: systemRandom.bytes(32),
})

describe("a claim", () => {
  it("[B1] takes the box in once: after it the code is gone and the join path closed", async () => {
    const anna = await founder()
    const own = await box()
    const invitation = parseCode(own.claim)
    expect(await healthOf(own)).toEqual({ ok: true, claimed: false })
    const hosted = await claimBox(anna, invitation)
    expect(hosted.ok && hosted.value.newcomer.kind).toBe("box")
    expect(own.claim).toBeUndefined()
    expect(await healthOf(own)).toEqual({ ok: true, claimed: true })
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
    await expect.poll(() => codes).toHaveLength(1)
    expect(own.claim).toBe(codes[0])
    const after = parseCode(codes[0])
    expect(after.secret).not.toEqual(before.secret)
    expect(after.keyHash).not.toEqual(before.keyHash)
    expect(await dialClaim(anna, before)).toBeUndefined()
    expect((await claimBox(anna, after)).ok).toBe(true)
  })

  it("[B6] works through the relay alone, and each attempt there burns the code", async () => {
    const relay = await relayOf()
    const anna = await founder([relay.url])
    const codes: string[] = []
    const own = await box({ relay: relay.url, onClaimCode: code => void codes.push(code) })
    const first = { ...parseCode(own.claim), addresses: [] }
    expect(first.relay).toBe(relay.url)
    expect(await claimBox(anna, first, { over: "relay", confirm: false })).toMatchObject({ ok: false })
    await expect.poll(() => codes).toHaveLength(1)
    const second = { ...parseCode(codes[0]), addresses: [] }
    expect((await claimBox(anna, second, { over: "relay" })).ok).toBe(true)
    expect(own.claim).toBeUndefined()
  })
})
