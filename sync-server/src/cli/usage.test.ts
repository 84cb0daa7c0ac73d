import { existsSync, writeFileSync } from "node:fs"
import type { Command } from "commander"
import { afterAll, describe, expect, it } from "vitest"
import { allCommands } from "./all-commands.js"
import { createProgram } from "./program.js"
import { foundIn, home, joinIn, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)

const silent = {
  print: () => {},
  say: () => {},
  progress: () => {},
  env: () => undefined,
  ask: () => Promise.resolve(undefined),
  askSecret: () => Promise.resolve(undefined),
}

/** Every command's words, groups included. */
const commandsOf = (command: Command, path: readonly string[] = []): readonly (readonly string[])[] => [
  path,
  ...command.commands.flatMap(child => commandsOf(child, [...path, child.name()])),
]

describe("the command line", () => {
  it("[C1] explains every command", async () => {
    const all = commandsOf(createProgram(silent, "0", allCommands, () => {}))
    expect(all.length).toBeGreaterThan(30)
    for (const path of all) {
      const ran = await home([...path, "--help"])
      expect([path, ran.code]).toEqual([path, 0])
      const text = ran.out.join("\n")
      expect(text).toContain(["Usage: home", ...path].join(" "))
      expect(text).toContain("--data")
    }
    const version = await home(["--version"])
    expect([version.code, version.out]).toEqual([0, ["0.0.0"]])
  })

  it("[C2] refuses what it does not know, and opens nothing", async () => {
    const dir = folder.path("untouched")
    const wrong = [
      ["nonsense"],
      ["sync", "--sometimes"],
      ["sync", "--once", "--watch"],
      ["sync", "--timeout", "soon"],
      ["found"],
      ["found", "Muster"],
      ["found", "Muster", "--member", " "],
      ["found", "Muster", "--member", "Anna", "--relay", "http://example.org"],
      ["join", "home1-00", "--member", "Ben"],
      ["claim"],
      ["role", "Ben", "king"],
      ["invite", "--role", "guest", "--until", "2026-02-30"],
      ["invite", "--until", "2099-12-24"],
      ["invite", "--role", "guest", "--until", "2020-12-24"],
      ["suspend"],
      ["export", "everything"],
      ["export", "ledger", "--format", "xml"],
      ["import"],
      ["import", "a.csv", "--into", "profile"],
      ["import", "a.csv", "--zone", "Middle/Earth"],
      ["ledger"],
      ["ledger", "list", "--limit", "0"],
      ["circle", "box", "Adults", "beside"],
      ["relay", "--port", "65536"],
      ["recover", "--archive", "a", "--relay", "ws://example.org"],
    ]
    for (const args of wrong) {
      const ran = await home([...args, "--data", dir])
      expect([args, ran.code, ran.out]).toEqual([args, 2, []])
      expect(ran.err).not.toBe("")
    }
    expect(existsSync(dir)).toBe(false)
  })

  it("[C3] tells failures as JSON where that was asked for", async () => {
    const ran = await home(["status", "--data", folder.path("nobody"), "--json"])
    expect(ran.json).toEqual([{ error: { kind: "usage", message: expect.any(String) }, exitCode: 2 }])
    expect(ran.err).toContain("home found")
    const usage = await home(["sync", "--sometimes", "--json"])
    expect(usage.json).toEqual([{ error: { kind: "usage", message: expect.any(String) }, exitCode: 2 }])
  })

  it("[C4] takes the passphrase from a prompt, the environment or a file", async () => {
    const cost = { HOME_PASSPHRASE_COST: "floor" }
    const [dir, file] = [folder.path("c4"), folder.path("secret")]
    const args = ["found", "Muster", "--member", "Anna", "--data", dir]
    const nobody = await home(args, { env: cost })
    expect(nobody.code).toBe(2)
    expect(nobody.err).toContain("HOME_PASSPHRASE")
    expect(nobody.err).toContain("HOME_PASSPHRASE_FILE")
    expect((await home(args, { env: cost, answers: ["one", "two"] })).code).toBe(2)
    expect((await home(args, { env: cost, answers: ["", ""] })).code).toBe(2)
    expect(existsSync(dir)).toBe(false)
    expect((await home(args, { env: cost, answers: ["one", "one"] })).code).toBe(0)
    writeFileSync(file, "one\n")
    const status = ["status", "--data", dir]
    expect((await home(status, { env: {}, answers: ["one"] })).code).toBe(0)
    expect((await home(status, { env: { HOME_PASSPHRASE: "one" } })).code).toBe(0)
    expect((await home(status, { env: { HOME_PASSPHRASE_FILE: file } })).code).toBe(0)
    expect((await home(status, { env: { HOME_PASSPHRASE_FILE: folder.path("none") } })).code).toBe(4)
    writeFileSync(file, "\n")
    expect((await home(status, { env: { HOME_PASSPHRASE_FILE: file } })).code).toBe(2)
    const unasked = await home(status, { env: {} })
    expect(unasked.code).toBe(2)
    expect(unasked.err).toContain("HOME_PASSPHRASE_FILE")
  })

  it("[C5] ends with 6 for a wrong passphrase, and leaves the profile usable", async () => {
    const dir = folder.path("c5")
    await foundIn(dir)
    const wrong = await home(["status", "--data", dir, "--json"], { env: { HOME_PASSPHRASE: "wrong" } })
    expect([wrong.code, wrong.json]).toEqual([
      6,
      [{ error: { kind: "passphrase", message: "wrong passphrase" }, exitCode: 6 }],
    ])
    expect((await home(["status", "--data", dir])).code).toBe(0)
  })

  it("[C7] begins where nothing is, and only there", async () => {
    const dir = folder.path("c7")
    for (const args of [["status"], ["sync"], ["ledger", "list"], ["invite"]]) {
      expect((await home([...args, "--data", dir])).code).toBe(2)
    }
    const { family } = await foundIn(dir)
    expect((await home(["found", "Other", "--member", "Eve", "--data", dir])).code).toBe(2)
    expect((await joinIn(dir, "home1-00")).code).toBe(2)
    expect((await home(["status", "--data", dir, "--json"])).json[0]).toMatchObject({ family })
  })

  it("[C8] lets nothing that others wrote steer the terminal", async () => {
    const dir = folder.path("c8")
    await foundIn(dir)
    const nasty = "hi\u001b[2J\u009b1m\r\u202eevil\ttab"
    expect((await home(["chat", "send", nasty, "--data", dir])).code).toBe(0)
    const shown = (await home(["chat", "list", "--data", dir])).out.join("\n")
    expect(shown).not.toMatch(/[\u001b\u009b\r\u202e]/)
    expect(shown).toContain("evil\ttab")
    const asJson = await home(["chat", "list", "--data", dir, "--json"])
    expect(asJson.json[0]).toMatchObject({ text: nasty })
    expect(asJson.out.join("\n")).not.toMatch(/[\u001b\u009b\u202e]/)
    const named = await home(["note", "show", "\u001b[31mred", "--data", dir])
    expect([named.code, /\u001b/.test(named.err)]).toEqual([2, false])
  })
})
