import { readFileSync } from "node:fs"
import { type RecoveryIdentity, parseRecoveryPhrase, recoveryIdentity } from "@home/crypto"
import { type Result, ok } from "@home/shared/base"
import { type Failure, fail } from "./failure.js"
import type { Terminal } from "./terminal.js"

/** As with the passphrase: never from the command line. */
const phraseVariable = "HOME_RECOVERY_PHRASE"
const phraseFileVariable = "HOME_RECOVERY_PHRASE_FILE"

/** The words of the phrase that counts now, from the environment or the person. */
export const askPhrase = async (terminal: Terminal): Promise<Result<RecoveryIdentity, Failure>> => {
  const file = terminal.env(phraseFileVariable)
  let text = terminal.env(phraseVariable)
  try {
    if (text === undefined && file !== undefined) text = readFileSync(file, "utf8")
  } catch {
    return fail("unreadable", `the file ${file} cannot be read`)
  }
  text ??= await terminal.askSecret("The 24 words of the recovery phrase: ")
  if (text === undefined) {
    return fail(
      "usage",
      `the phrase is needed: run this in a terminal, or set ${phraseVariable} or ${phraseFileVariable}`,
    )
  }
  const phrase = parseRecoveryPhrase(text)
  if (phrase.ok) return ok(recoveryIdentity(phrase.value))
  switch (phrase.error.type) {
    case "WordCount":
      return fail("passphrase", `the phrase has 24 words, these are ${phrase.error.words}`)
    case "UnknownWord":
      return fail(
        "passphrase",
        `word ${phrase.error.position} is none of the list: look for a slip of the pen`,
      )
    case "WrongChecksum":
      return fail("passphrase", "the words do not belong together: one is wrong, or two changed places")
  }
}
