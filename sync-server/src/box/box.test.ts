import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createRoomSync } from "@home/shared/replica"
import { describe, expect, it } from "vitest"
import { startBox } from "./main.js"
import { createBoxWorld, healthOf, syncWith } from "./testing/box-world.js"
import { claimBox, linkToBox, parseCode, readItems, roomDeps, writeItem } from "./testing/test-devices.js"

const { root, defaults, box, founder, claimed, joined, relay: relayOf } = createBoxWorld()

describe("the archive", () => {
  it("[B7] gives a second device what the first left, while the first is gone", async () => {
    const { anna, own } = await claimed()
    const ben = await joined(anna, "ben")
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    await anna.close()
    await syncWith(ben, own.address)
    expect(await readItems(ben)).toEqual({ a: "apples" })
  })

  it("[B7] passes on to who is connected what another brings", async () => {
    const { anna, own } = await claimed()
    const ben = await joined(anna, "ben")
    await syncWith(anna, own.address)
    const link = await linkToBox(ben, own.address)
    await link.session.settle()
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    await expect.poll(() => readItems(ben)).toEqual({ a: "apples" })
    link.session.close()
  })

  it("[B8] is all there after a restart, without a code", async () => {
    const { anna, own } = await claimed()
    await writeItem(anna, "a", "apples")
    const ben = await joined(anna, "ben")
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
    const ben = await joined(anna, "ben")
    await syncWith(anna, own.address)
    await anna.close()
    await syncWith(ben, own.address)
    expect(await readItems(ben)).toEqual({ a: "apples" })
  })

  it("[B10] works over links while its relay is down", async () => {
    const relay = await relayOf()
    await relay.close()
    const anna = await founder([relay.url])
    const own = await box({ relay: relay.url })
    expect((await claimBox(anna, parseCode(own.claim))).ok).toBe(true)
    await writeItem(anna, "a", "apples")
    const ben = await joined(anna, "ben")
    await syncWith(anna, own.address)
    await syncWith(ben, own.address)
    expect(await readItems(ben)).toEqual({ a: "apples" })
  })

  it("[B11] takes in what lies at the family's relay", async () => {
    const relay = await relayOf()
    const anna = await founder([relay.url])
    const own = await box()
    expect((await claimBox(anna, parseCode(own.claim))).ok).toBe(true)
    await writeItem(anna, "a", "apples")
    const ben = await joined(anna, "ben")
    const room = createRoomSync(roomDeps(anna), { url: relay.url, origin: relay.url, isKeeper: false })
    expect(await room.settle()).toBe(true)
    room.close()
    await anna.close()
    await expect
      .poll(async () => {
        await syncWith(ben, own.address)
        return readItems(ben)
      })
      .toEqual({ a: "apples" })
  })
})

describe("the box's folder", () => {
  it("[B19] is readable by its user only, and holds no secret in the clear", async () => {
    const { anna, own } = await claimed()
    const dir = join(root(), "box")
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    const entries = readdirSync(dir, { withFileTypes: true, recursive: true })
    const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    for (const path of files) expect(statSync(path).mode & 0o077).toBe(0)
    expect(statSync(join(dir, "key")).size).toBe(32)
    await own.close()
    const logKey = Buffer.from(anna.profile.content.logKey)
    for (const path of files.filter(path => existsSync(path)))
      expect(readFileSync(path).includes(logKey)).toBe(false)
    rmSync(join(dir, "key"))
    const started = await startBox({ ...defaults(), dataDir: dir })
    expect(started).toMatchObject({ error: { type: "KeyFileMissing" } })
  })

  it("[B20] opens with a passphrase file instead, and asks nobody", async () => {
    const passphraseFile = join(root(), "passphrase")
    writeFileSync(passphraseFile, "correct horse battery staple\n", { mode: 0o600 })
    const own = await box({ passphraseFile })
    const code = parseCode(own.claim)
    await own.close()
    expect(readdirSync(join(root(), "box"))).not.toContain("key")
    expect(parseCode((await box({ passphraseFile })).claim).secret).toEqual(code.secret)
  })

  it("[B21] says no more of itself than whether it is well and claimed", async () => {
    const { own } = await claimed()
    const http = own.address.replace(/^ws/, "http")
    expect(await healthOf(own)).toEqual({ ok: true, claimed: true })
    expect((await fetch(`${http}/`)).status).toBe(404)
    expect((await fetch(`${http}/health`, { method: "POST" })).status).toBe(404)
  })
})
