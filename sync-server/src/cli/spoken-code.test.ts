import { randomBytes } from "node:crypto"
import { createChannelOpener, createSealer, createSpokenCodes } from "@home/crypto"
import { type CodeNetDeps, enterCode, showCode } from "@home/shared/device"
import { createMemoryStore, createTestClock } from "@home/shared/testing"
import { parseInvitation } from "@home/shared/wire"
import { afterAll, describe, expect, it } from "vitest"
import { testRelay } from "./testing/relay.js"
import { foundIn, home, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)

type Ran = Awaited<ReturnType<typeof home>>

/** Shows a code at `host`, runs `use` with it, and gives what both sides printed. */
const speaking = async (
  host: string,
  use: (code: string, invitation: string) => Promise<Ran>,
): Promise<{ readonly invited: Ran; readonly used: Ran }> => {
  let invited: Promise<Ran> | undefined
  const [code, invitation] = await new Promise<[string, string]>((resolve, reject) => {
    const args = ["invite", "--code", "--yes", "--host", "127.0.0.1", "--data", host, "--json"]
    invited = home(args, {
      onLine: line => {
        const said = JSON.parse(line) as { code?: string; invitation?: string }
        if (said.code !== undefined && said.invitation !== undefined) resolve([said.code, said.invitation])
      },
    })
    void invited.then(ran => reject(new Error(`invite ended with ${ran.code}: ${ran.err}`)), reject)
  })
  const used = await use(code, invitation)
  if (invited === undefined) throw new Error("nobody invited")
  return { invited: await invited, used }
}

const joinBy = (dir: string, code: string, relay: string): Promise<Ran> =>
  home(["join", code, "--relay", relay, "--member", "Ben", "--data", dir, "--json"])
const membersIn = async (dir: string) => (await home(["members", "--data", dir, "--json"])).json

describe("a code that is read out", () => {
  it("[C11a] takes a newcomer in who has nothing but the code and the relay", async () => {
    const relay = await testRelay(folder.path("c11a", "relay"))
    const [anna, ben] = [folder.path("c11a", "anna"), folder.path("c11a", "ben")]
    await foundIn(anna, "--relay", relay.url)
    const { invited, used } = await speaking(anna, (code, invitation) => {
      expect(code).toMatch(/^\d{4}( [a-z]+){3}$/)
      expect(parseInvitation(invitation)?.kind).toBe("invite")
      return joinBy(ben, code.toUpperCase().replaceAll(" ", " - "), relay.url)
    })
    expect([invited.code, used.code]).toEqual([0, 0])
    expect(await membersIn(anna)).toHaveLength(2)
    await relay.close()
  })

  it("[C11b] is burnt by one wrong word: nobody is admitted", async () => {
    const relay = await testRelay(folder.path("c11b", "relay"))
    const [anna, eve] = [folder.path("c11b", "anna"), folder.path("c11b", "eve")]
    await foundIn(anna, "--relay", relay.url)
    const { invited, used } = await speaking(anna, code => {
      const [plate, , ...words] = code.split(" ")
      // Another word than the one there, whatever it is.
      return joinBy(eve, [plate, code.includes(" zoo ") ? "abandon" : "zoo", ...words].join(" "), relay.url)
    })
    expect([invited.code, used.code]).toEqual([3, 3])
    expect(invited.err).toContain("burnt")
    expect(used.err + JSON.stringify(used.json)).not.toContain("home1-")
    expect(await membersIn(anna)).toHaveLength(1)
    await relay.close()
  })

  it("[C11b] that is none, or has nowhere to be looked for, is said before anything is done", async () => {
    const dir = folder.path("c11c")
    const none = ["join", "12 a b c", "--member", "Ben", "--data", dir, "--json"]
    expect((await home(none)).code).toBe(2)
    const nowhere = await home(["join", "0421 river apple stone", "--member", "Ben", "--data", dir, "--json"])
    expect(nowhere.code).toBe(2)
    expect(JSON.stringify(nowhere.json)).toContain("--relay")
    const anna = folder.path("c11c", "anna")
    await foundIn(anna)
    const relayless = await home([
      "invite",
      "--code",
      "--yes",
      "--host",
      "127.0.0.1",
      "--data",
      anna,
      "--json",
    ])
    expect(relayless.code).toBe(2)
  })
})

describe("showing and entering codes", () => {
  const clock = createTestClock()
  const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
  const deps: CodeNetDeps = {
    clock,
    random,
    log: { event: () => {} },
    dialer: { connect: () => Promise.reject(new Error("nobody is there")) },
    openChannel: createChannelOpener({ random }),
    sealer: createSealer({ random }),
    codes: createSpokenCodes(random),
  }

  it("[C11b] stops at five an hour, and goes on when the first is an hour old", async () => {
    const store = createMemoryStore()
    const show = () => showCode(deps, store, "ws://127.0.0.1:1", "home1-")
    const texts = new Set<string>()
    for (let i = 0; i < 5; i++) {
      const shown = await show()
      if (!shown.ok) throw new Error(shown.error.type)
      texts.add(shown.value.text)
      shown.value.cancel()
      clock.advance(60_000)
    }
    expect(texts.size).toBe(5)
    const againMs = clock.now() + 55 * 60_000
    expect(await show()).toEqual({ ok: false, error: { type: "TooMany", againMs } })
    clock.advance(55 * 60_000 - 1)
    expect((await show()).ok).toBe(false)
    clock.advance(1)
    const again = await show()
    expect(again.ok).toBe(true)
    if (again.ok) again.value.cancel()
  })

  it("[C11b] stops at five also when all are asked for at once", async () => {
    const store = createMemoryStore()
    const shown = await Promise.all(
      Array.from({ length: 8 }, () => showCode(deps, store, "ws://127.0.0.1:1", "home1-")),
    )
    expect(shown.filter(({ ok }) => ok)).toHaveLength(5)
    for (const each of shown) if (each.ok) each.value.cancel()
  })

  it("[C11b] ends after five minutes for who shows it, and after half a minute for who looks in vain", async () => {
    const shown = await showCode(deps, createMemoryStore(), "ws://127.0.0.1:1", "home1-")
    if (!shown.ok) throw new Error(shown.error.type)
    clock.advance(5 * 60_000)
    expect(await shown.value.ended).toBe("Expired")
    const looking = enterCode(deps, "ws://127.0.0.1:1", shown.value.text)
    clock.advance(30_000)
    expect(await looking).toEqual({ ok: false, error: { type: "NobodyThere" } })
    expect(await enterCode(deps, "ws://127.0.0.1:1", "hello")).toEqual({
      ok: false,
      error: { type: "NotACode" },
    })
  })
})
