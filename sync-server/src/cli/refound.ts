import { err, ok } from "@home/shared/base"
import { carryOver } from "@home/shared/device"
import { openProfile, wasRemoved } from "../profile/profile.js"
import { fail } from "./failure.js"
import { type FoundOptions, checkFounding, foundWith } from "./found.js"
import type { Home, Outcome } from "./home.js"
import { knownPassphrase } from "./passphrase.js"
import { profileFailure, requireMembership, useProfile } from "./with-device.js"

export interface RefoundOptions extends FoundOptions {
  /** The folder of a device of the old family. It is only read. */
  readonly from: string
}

/**
 * A family whose phrase and last admin are lost takes nobody in any more, and nobody can take it over. A member founds
 * another one with all that a device of the old family holds.
 */
export const refound = async (home: Home, options: RefoundOptions): Outcome => {
  const checked = checkFounding(home, options)
  if (!checked.ok) return checked
  const known = knownPassphrase(home.terminal, "Passphrase of the old device: ")
  if (!known.ok) return known
  if (wasRemoved(options.from)) return fail("refused", "that device was removed from its family")
  const profile = await openProfile(options.from, known.value, home.random)
  if (!profile.ok) return err(profileFailure(profile.error))
  return useProfile(home, profile.value, async old => {
    const live = requireMembership(old)
    if (!live.ok) return live
    return foundWith(home, { ...options, as: old.profile.content.member }, async device => {
      const carried = await carryOver(old, device, (done, of) =>
        home.terminal.progress(`${done} of ${of} documents`),
      )
      home.terminal.progress(undefined)
      const missing =
        carried.missingFiles === 0 ? "" : ` ${carried.missingFiles} files are not on the old device.`
      home.terminal.say(
        `${carried.documents} documents and ${carried.files} files are in the new family, as they stand.${missing}\n` +
          "What they said before stays in the old folder, and so does the proof of who wrote what. Invite the others anew:\n" +
          '"home invite --as NAME" gives somebody what he wrote back. Other families, shares and boxes are met anew, too.',
      )
      return ok({ carried: { ...carried } })
    })
  })
}
