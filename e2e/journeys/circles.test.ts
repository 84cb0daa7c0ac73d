import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { canariesOf, needlesOf, searchBytes, searchFolder, searchMemory } from "../harness/canaries.js"
import { type HomeProcess, portOf, runHome, startHomeProcess } from "../harness/home-process.js"

const folder = mkdtempSync(join(tmpdir(), "home-circles-"))
const running: HomeProcess[] = []
afterAll(async () => {
  for (const process of running) await process.stop()
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string): string => join(folder, name)
const start = (...args: string[]): HomeProcess => {
  const process = startHomeProcess(args)
  running.push(process)
  return process
}
const of = (who: string, ...args: string[]) => runHome([...args, "--data", at(who)])
const sync = (who: string) => of(who, "sync", "--once")

const join_ = async (who: string, role: string): Promise<void> => {
  const invite = start("invite", "--role", role, "--yes", "--host", "127.0.0.1", "--data", at("anna"))
  const invitation = String((await invite.nextLine())?.["invitation"])
  await of(who, "join", invitation, "--member", who)
  if ((await invite.ended) !== 0) throw new Error(`the invitation failed:\n${invite.log()}`)
}

/** Stays in sync until it has all that the box has; the process goes on, so that its memory can be looked at. */
const watching = async (who: string): Promise<HomeProcess> => {
  const process = start("sync", "--watch", "--data", at(who))
  for (let line = await process.nextLine(); line !== undefined; line = await process.nextLine())
    if (line["kind"] === "box" && line["settled"] === true) return process
  throw new Error(`${who} did not come to an end:\n${process.log()}`)
}

/** What only adults may see: on no disk and in no memory of anybody else. */
const secrets = {
  circle: "Wolkenkuckuck adults",
  payee: "Quillfeather Brontide",
  note: "of Aunt Zephyrine Quox",
  title: "Zwetschgen agreement",
}
const shared = "Seaside at Ravensburgh"
const later = { payee: "Obsidian Fridolin smith" }

describe("a ledger of the adults", { timeout: 300_000 }, () => {
  it("[C95] is on no disk and in no memory of a child's phone or of a box that was left out, which keeps it for the others", async () => {
    for (const name of ["relay", "box", "anna", "ben", "kid"]) mkdirSync(at(name))
    const relay = start("relay", "--host", "127.0.0.1", "--port", "0", "--data", at("relay"))
    const relayUrl = `ws://127.0.0.1:${portOf(await relay.nextLine())}`
    await of("anna", "found", "Muster", "--member", "Anna", "--relay", relayUrl)
    const box = start("box", "--host", "127.0.0.1", "--port", "0", "--relay", relayUrl, "--data", at("box"))
    await of("anna", "claim", String((await box.nextLine())?.["claim"]))
    await join_("ben", "admin")
    await join_("kid", "user")
    for (const who of ["anna", "ben", "kid"]) await sync(who)

    await of("anna", "circle", "create", secrets.circle, "ben")
    const inCircle = ["--circle", secrets.circle]
    const add = (payee: string) =>
      of("anna", "ledger", "add", "4711", payee, "--currency", "EUR", "--note", secrets.note, ...inCircle)
    await add(secrets.payee)
    await of("anna", "note", "add", secrets.title, "--body", secrets.note, ...inCircle)
    await of("anna", "note", "add", "Holidays", "--body", shared)
    await sync("anna")
    // The box alone hands it on from here.
    await relay.stop()

    const kid = await watching("kid")
    const needles = needlesOf(canariesOf(secrets))
    const ofKid = searchMemory(needles, kid.pid)
    // What the child's phone may read is found there: the search is no blind one.
    const shownToKid = searchMemory(needlesOf(canariesOf(shared)), kid.pid)
    if (shownToKid !== undefined) expect(shownToKid.length).toBeGreaterThan(0)
    const ofBox = searchMemory(needles, box.pid)
    expect(ofKid ?? []).toEqual([])
    expect(ofBox ?? []).toEqual([])
    await kid.stop()
    for (const name of ["kid", "box"]) expect(searchFolder(needles, at(name))).toEqual([])
    for (const log of [kid.log(), box.log()])
      expect(searchBytes(needles, Buffer.from(log), "log")).toEqual([])
    expect((await of("kid", "note", "show", "Holidays"))[0]).toMatchObject({ body: shared })

    await sync("ben")
    const list = (...more: string[]) => of("ben", "ledger", "list", ...more, ...inCircle)
    expect((await list()).map(({ payee, note }) => [payee, note])).toEqual([[secrets.payee, secrets.note]])

    // Who is taken out keeps what he had and reads nothing that comes later.
    await of("anna", "circle", "remove", secrets.circle, "ben")
    await add(later.payee)
    await sync("anna")
    const late = await watching("ben")
    const laterNeedles = needlesOf(canariesOf(later))
    expect(searchMemory(laterNeedles, late.pid) ?? []).toEqual([])
    await late.stop()
    expect(searchFolder(laterNeedles, at("ben"))).toEqual([])
    const [circle] = (await of("ben", "circle", "list")).filter(({ everyone }) => everyone === false)
    await runHome(["ledger", "list", "--circle", String(circle?.["circle"]), "--data", at("ben")], 3)
  })
})
