import {
  createDeviceIdentity,
  createRecoveryEntropy,
  createSealer,
  recoveryIdentity,
  recoveryPhrase,
} from "@home/crypto"
import { type MemberId, err, ok } from "@home/shared/base"
import { foundFamily } from "@home/shared/replica"
import { isName, issueOwnCard, writeDeviceName, writeFamilyName, writeMemberName } from "@home/shared/device"
import { native } from "../native/all.js"
import type { OpenDevice } from "../profile/device.js"
import { machineKind } from "../profile/platform.js"
import { hasProfile, prepareProfile } from "../profile/profile.js"
import { fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { newPassphrase } from "./passphrase.js"
import { profileFailure, useProfile } from "./with-device.js"

export interface FoundOptions {
  readonly family: string
  readonly member: string
  readonly relay: string | undefined
  readonly deviceName: string
}

/** Before anything is asked or made. */
export const checkFounding = (home: Home, options: FoundOptions) => {
  if (!isName(options.family)) return fail("usage", "the family needs a name of one line")
  if (!isName(options.member)) return fail("usage", "--member needs a name of one line")
  if (hasProfile(home.dataDir)) return err(profileFailure({ type: "ProfileExists", dir: home.dataDir }))
  return ok(undefined)
}

/**
 * A new family with this device as its first. The phrase is shown here and never again, and stored nowhere. `fill` writes
 * what it begins with and gives what the line says besides; before it is done there is no family in the folder.
 */
export const foundWith = async (
  home: Home,
  options: FoundOptions & { readonly as?: MemberId | undefined },
  fill: (device: OpenDevice) => Outcome<Readonly<Record<string, unknown>>>,
): Outcome => {
  const secret = await newPassphrase(home.terminal)
  if (!secret.ok) return secret
  const { random } = home
  const sealer = createSealer({ random, primitives: native })
  const identity = createDeviceIdentity(random)
  const entropy = createRecoveryEntropy(random)
  const recovery = recoveryIdentity(entropy)
  const founded = await foundFamily({ sealer, random }, identity, recovery, options.as)
  const content = {
    group: founded.group,
    member: founded.member,
    identity,
    logKey: founded.logKey,
    relays: options.relay === undefined ? [] : [options.relay],
    boxes: [],
    deviceName: options.deviceName,
  }
  const prepared = await prepareProfile(home.dataDir, secret.value, random, content, founded.changes)
  if (!prepared.ok) return err(profileFailure(prepared.error))
  return useProfile(home, prepared.value.profile, async device => {
    const filled = await fill(device)
    if (!filled.ok) return filled
    await writeFamilyName(device, options.family)
    await writeMemberName(device, founded.member, options.member)
    await writeDeviceName(device, founded.member, identity.id, options.deviceName, machineKind())
    const hints = { name: options.family, relays: content.relays, issuedMs: home.clock.now() }
    await issueOwnCard(device, recovery, hints)
    prepared.value.keep()
    const phrase = recoveryPhrase(entropy)
    home.terminal.say(
      "These 24 words open everything if every device is lost. They are shown once: write them on paper,\n" +
        "and keep them where you would keep a will. Whoever has them has the family.",
    )
    home.result(
      {
        family: founded.group,
        name: options.family,
        member: founded.member,
        device: identity.id,
        recoveryPhrase: phrase,
        ...filled.value,
      },
      phrase,
    )
    return ok(undefined)
  })
}

export const found = async (home: Home, options: FoundOptions): Outcome => {
  const checked = checkFounding(home, options)
  return checked.ok ? foundWith(home, options, () => Promise.resolve(ok({}))) : checked
}
