import { type PassphraseCost, floorCost } from "@home/crypto"
import { readFileSync } from "node:fs"
import { type Result, err, ok } from "@home/shared/base"
import type { FolderSecret } from "../profile/profile.js"
import { type Failure, fail } from "./failure.js"
import type { Terminal } from "./terminal.js"

// Never from the command line: arguments are seen by every process of the machine and kept by shells.
const passphraseVariable = "HOME_PASSPHRASE"
const passphraseFileVariable = "HOME_PASSPHRASE_FILE"
/** Nobody could be asked. That is no wrong passphrase: who runs a script has to give it one. */
export const noPassphrase = `a passphrase is needed: run this in a terminal, or set ${passphraseVariable} or ${passphraseFileVariable}`
/** `floor` makes new profiles cheap to open. For tests only: it makes a stolen disk cheap to open as well. */
const costVariable = "HOME_PASSPHRASE_COST"

/** One line end belongs to the file, not to the passphrase. */
const readPassphraseFile = (path: string): Result<string, Failure> => {
  try {
    return ok(readFileSync(path, "utf8").replace(/\r?\n$/, ""))
  } catch {
    return fail("unreadable", `the passphrase file ${path} cannot be read`, { file: path })
  }
}

const fromEnvironment = (terminal: Terminal): Result<string | undefined, Failure> => {
  const path = terminal.env(passphraseFileVariable)
  const direct = terminal.env(passphraseVariable)
  if (direct !== undefined && direct !== "") return ok(direct)
  if (path === undefined || path === "") return ok(undefined)
  const read = readPassphraseFile(path)
  return read.ok && read.value === "" ? fail("usage", `the passphrase file ${path} is empty`) : read
}

/** For a profile that exists. */
export const knownPassphrase = (
  terminal: Terminal,
  question = "Passphrase of this device: ",
): Result<FolderSecret, Failure> => {
  const given = fromEnvironment(terminal)
  if (!given.ok) return given
  const { value } = given
  return ok({
    type: "Passphrase",
    ask: async () => value ?? (await terminal.askSecret(question)),
  })
}

/** For a profile to be made: asked twice, since nobody could correct a slip later. */
export const newPassphrase = async (terminal: Terminal): Promise<Result<FolderSecret, Failure>> => {
  const cost: PassphraseCost | undefined = terminal.env(costVariable) === "floor" ? floorCost : undefined
  const secret = (passphrase: string): Result<FolderSecret, Failure> =>
    ok({
      type: "Passphrase",
      ask: () => Promise.resolve(passphrase),
      ...(cost === undefined ? {} : { cost }),
    })
  const given = fromEnvironment(terminal)
  if (!given.ok) return err(given.error)
  if (given.value !== undefined) {
    return secret(given.value)
  }
  const first = await terminal.askSecret("A passphrase for this device: ")
  if (first === undefined) return fail("usage", noPassphrase)
  if (first === "") return fail("usage", "an empty passphrase protects nothing")
  const second = await terminal.askSecret("The same once more: ")
  return second === first ? secret(first) : fail("usage", "the two passphrases differ")
}
