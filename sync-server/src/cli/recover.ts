import { type RecoveryIdentity, createDeviceIdentity, createSealer } from "@home/crypto"
import { err, ok } from "@home/shared/base"
import { type Archive, type RecoverError, recoverFamily } from "@home/shared/replica"
import type { Sealer } from "@home/shared/wire"
import {
  issueOwnCard,
  nameOfFamily,
  operationChanges,
  readRecoveryRoom,
  writeDeviceName,
} from "@home/shared/device"
import { native } from "../native/all.js"
import { machineKind } from "../profile/platform.js"
import { hasProfile, prepareProfile } from "../profile/profile.js"
import { checkBundleFile } from "./archive-file.js"
import { readBundleFile } from "./bundle-file.js"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { newPassphrase } from "./passphrase.js"
import { askPhrase } from "./phrase-words.js"
import { actFailure } from "./refusals.js"
import { receiveAll, withScratchArchive } from "./scratch-archive.js"
import { profileFailure, useProfile } from "./with-device.js"

export type RecoverSource =
  { readonly type: "Archive"; readonly path: string } | { readonly type: "Relay"; readonly url: string }

export interface RecoverOptions {
  readonly source: RecoverSource
  readonly deviceName: string
}

const fill = async (
  home: Home,
  sealer: Sealer,
  source: RecoverSource,
  recovery: RecoveryIdentity,
  archive: Archive,
): Outcome => {
  if (source.type === "Relay") {
    const bundles = await readRecoveryRoom(home, sealer, source.url, recovery.keys)
    if (bundles === undefined) return fail("unreachable", `the relay ${source.url} cannot be reached`)
    await archive.append(bundles)
    return ok(undefined)
  }
  const checked = await checkBundleFile(home, sealer, source.path)
  if (!checked.ok) return checked
  for await (const batch of readBundleFile(sealer, source.path)) {
    if (!batch.ok)
      return fail("unreadable", `${source.path} changed while it was read`, {
        position: batch.error.position,
      })
    await archive.append(batch.value)
  }
  return ok(undefined)
}

const recoverFailure = (error: RecoverError): Failure => {
  switch (error.type) {
    case "NothingForThisPhrase":
      return {
        kind: "passphrase",
        message: "nothing here was sealed to this phrase: another family's, or an old phrase",
      }
    case "PhraseReplaced":
      return { kind: "passphrase", message: "this phrase was replaced by a newer one: look for that" }
    case "LogIncomplete":
      return {
        kind: "unreadable",
        message: "the family's log is not whole in there: look for a newer or larger copy",
      }
  }
}

const restore = async (
  home: Home,
  options: RecoverOptions,
  recovery: RecoveryIdentity,
  archive: Archive,
): Outcome => {
  const { random } = home
  const { source, deviceName } = options
  const sealer = createSealer({ random, primitives: native })
  const filled = await fill(home, sealer, source, recovery, archive)
  if (!filled.ok) return filled
  const identity = createDeviceIdentity(random)
  const recovered = await recoverFamily({ sealer }, archive, recovery, identity)
  if (!recovered.ok) return err(recoverFailure(recovered.error))
  const { group, member, logKey, operations, admission } = recovered.value
  const secret = await newPassphrase(home.terminal)
  if (!secret.ok) return secret
  const relays = source.type === "Relay" ? [source.url] : []
  const content = { group, member, identity, logKey, relays, boxes: [], deviceName }
  const changes = operationChanges(
    sealer,
    operations.map(({ bytes }) => bytes),
  )
  const prepared = await prepareProfile(home.dataDir, secret.value, random, content, changes)
  if (!prepared.ok) return err(profileFailure(prepared.error))
  const { profile, keep } = prepared.value
  return useProfile(home, profile, async device => {
    const bundles = await receiveAll(home, device, archive)
    const admitted = await device.replica.actAs(admission)
    if (!admitted.ok) return err(actFailure(admitted.error))
    await device.replica.tend()
    await writeDeviceName(device, member, identity.id, deviceName, machineKind())
    await issueOwnCard(device, recovery, {
      name: await nameOfFamily(device),
      relays,
      issuedMs: home.clock.now(),
    })
    // Only now is it a profile: what ends before this can be done again.
    keep()
    home.terminal.say(
      'This device acts for the family\'s founder now. Remove the lost ones. These words were used: "home phrase new" makes others.',
    )
    home.result(
      { family: group, member, device: identity.id, bundles },
      `The family is back: ${bundles} bundles.${source.type === "Relay" ? ' Fetch the rest with "home sync --once".' : ""}`,
    )
    return ok(undefined)
  })
}

/** A new device from the phrase and what a relay or a file of bundles holds, and nothing else. */
export const recover = async (home: Home, options: RecoverOptions): Outcome => {
  if (hasProfile(home.dataDir)) return err(profileFailure({ type: "ProfileExists", dir: home.dataDir }))
  const recovery = await askPhrase(home.terminal)
  if (!recovery.ok) return recovery
  return withScratchArchive(home, "recovering", archive => restore(home, options, recovery.value, archive))
}
