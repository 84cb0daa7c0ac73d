import { createRecoveryEntropy, recoveryIdentity, recoveryPhrase } from "@home/crypto"
import { err, ok } from "@home/shared/base"
import { issueOwnCard, nameOfFamily } from "@home/shared/device"
import type { ActError, WrongPhrase } from "@home/shared/replica"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { askPhrase } from "./phrase-words.js"
import { actFailure } from "./refusals.js"
import { requireMembership, withDevice } from "./with-device.js"

export const phraseFailure = (error: ActError | WrongPhrase): Failure =>
  error.type === "WrongPhrase"
    ? {
        kind: "passphrase",
        message: "these are not the words of this family, or others have taken their place",
      }
    : actFailure(error)

/** Whether the paper in the drawer is still the right one. */
export const checkPhrase = (home: Home): Outcome =>
  withDevice(home, async device => {
    const recovery = await askPhrase(home.terminal)
    if (!recovery.ok) return recovery
    if (!device.replica.phrase.isCurrent(recovery.value)) return err(phraseFailure({ type: "WrongPhrase" }))
    home.result({ current: true }, "These words open the family. Put them back where they were.")
    return ok(undefined)
  })

/** Another phrase in place of the one that counts. It is shown here and never again, and stored nowhere. */
export const replacePhrase = (home: Home, options: { readonly isLost: boolean }): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const { phrase, session } = device.replica
    const founder = session.state().founder
    if (options.isLost && device.profile.content.member !== founder)
      return fail("refused", "without the old words only the family's founder makes new ones")
    const old = options.isLost ? ok(undefined) : await askPhrase(home.terminal)
    if (!old.ok) return old
    if (old.value !== undefined && !phrase.isCurrent(old.value))
      return err(phraseFailure({ type: "WrongPhrase" }))
    const entropy = createRecoveryEntropy(home.random)
    const next = recoveryIdentity(entropy)
    const words = recoveryPhrase(entropy)
    home.terminal.say(
      "These 24 words take the place of the old ones. They are shown once: write them on paper, and destroy the old paper.",
    )
    // Before they count: should this end in between, the old words still do.
    home.result({ recoveryPhrase: words, current: false }, words)
    const replaced = await phrase.replace(next, old.value)
    if (!replaced.ok) return err(phraseFailure(replaced.error))
    await device.replica.tend()
    // The old card is none from now on: it hung on the old words.
    const hints = { name: await nameOfFamily(device), relays: device.profile.content.relays }
    await issueOwnCard(device, next, { ...hints, issuedMs: home.clock.now() })
    home.result({ current: true }, "They count from now on. The others hear of it with the next sync.")
    return ok(undefined)
  })
