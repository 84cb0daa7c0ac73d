import { createDeviceIdentity, createSealer } from "@home/crypto"
import { err, ok } from "@home/shared/base"
import { requestJoin } from "@home/shared/replica"
import { parseInvitation } from "@home/shared/wire"
import {
  bounded,
  enterCode,
  isName,
  operationChanges,
  parted,
  talkMs,
  writeDeviceName,
  writeMemberName,
} from "@home/shared/device"
import { native } from "../native/all.js"
import { machineKind } from "../profile/platform.js"
import { createProfile, hasProfile } from "../profile/profile.js"
import { fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { codeNetOf, dialInvitation, enterFailure, showProgress } from "./meeting.js"
import { newPassphrase } from "./passphrase.js"
import { joinFailure } from "./refusals.js"
import { profileFailure, useProfile } from "./with-device.js"

export interface JoinOptions {
  readonly invitation: string
  readonly member: string
  readonly deviceName: string
  /** Where a code that was read out is looked for. */
  readonly relay?: string | undefined
}

/** The invitation as it was given, or what whoever reads a code out gives for it. */
const invitationOf = async (home: Home, { invitation, relay }: JoinOptions): Outcome<string> => {
  if (/^\s*home1-/i.test(invitation)) return ok(invitation)
  const sealer = createSealer({ random: home.random, primitives: native })
  const deps = codeNetOf(home, sealer)
  if (deps.codes.enter(invitation) === undefined) return err(enterFailure({ type: "NotACode" }))
  if (relay === undefined) return fail("usage", "a code is looked for at a relay: say which with --relay URL")
  if (hasProfile(home.dataDir)) return err(profileFailure({ type: "ProfileExists", dir: home.dataDir }))
  const entered = await enterCode(deps, relay, invitation)
  return entered.ok ? entered : err(enterFailure(entered.error))
}

/** Takes up an invitation: a new device in this folder, of a new member or of the one who invited. */
export const join = async (home: Home, options: JoinOptions): Outcome => {
  if (!isName(options.member)) return fail("usage", "--member needs a name of one line")
  const text = await invitationOf(home, options)
  if (!text.ok) return text
  const invitation = parseInvitation(text.value)
  if (invitation?.kind !== "invite")
    return fail("usage", "this is no invitation: it begins with home1- and is one long word")
  if (invitation.expiresMs !== undefined && invitation.expiresMs < home.clock.now()) {
    return fail("refused", "this invitation has expired: ask for a new one")
  }
  if (hasProfile(home.dataDir)) return err(profileFailure({ type: "ProfileExists", dir: home.dataDir }))
  const secret = await newPassphrase(home.terminal)
  if (!secret.ok) return secret

  const { random } = home
  const sealer = createSealer({ random, primitives: native })
  const identity = createDeviceIdentity(random)
  const met = await dialInvitation(home, sealer, invitation, {
    linkSecret: identity.secrets.link,
    digits: true,
  })
  if (!met.ok) return met
  home.terminal.say(`Compare these digits with those on the other screen: ${met.value.digits ?? ""}`)
  const self = { kind: "person", name: options.member } as const
  const talk = requestJoin(met.value.channel, { sealer, identity }, self, showProgress(home))
  const joined = await bounded(home, met.value.channel, talkMs, talk)
  if (!joined.ok) return err(joinFailure(joined.error))

  const { admitted, done } = joined.value
  const { operations, bundles, ...rest } = admitted
  const content = { ...rest, identity, deviceName: options.deviceName }
  const changes = operationChanges(sealer, operations)
  const profile = await createProfile(home.dataDir, secret.value, random, content, changes, bundles)
  if (!profile.ok) return err(profileFailure(profile.error))
  await profile.value.folder.archive.append(bundles)
  done()
  await parted(home, met.value)
  return useProfile(home, profile.value, async device => {
    const devices = [...device.replica.session.state().devices.values()]
    const isFirstDevice = !devices.some(({ member, id }) => member === admitted.member && id !== identity.id)
    // Another device of the same member finds the name in the family's documents.
    if (isFirstDevice) await writeMemberName(device, admitted.member, options.member)
    await writeDeviceName(device, admitted.member, identity.id, options.deviceName, machineKind())
    home.result(
      { family: admitted.group, member: admitted.member, device: identity.id },
      `This device is in. Fetch what the family has with "home sync --once".`,
    )
    return ok(undefined)
  })
}
