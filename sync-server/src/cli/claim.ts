import { type MemberId, bytesToHex, err, ok } from "@home/shared/base"
import { deviceIdOf } from "@home/shared/access"
import { hostJoin } from "@home/shared/replica"
import { parseInvitation } from "@home/shared/wire"
import { bounded, parted, publishAddresses, talkMs, withKnown, writeMemberName } from "@home/shared/device"
import { fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { dialInvitation, neverStored, showProgress } from "./meeting.js"
import { joinFailure } from "./refusals.js"
import { requireMembership, withDevice } from "./with-device.js"

/** Takes a box into the family: the secret that it printed at its first start proves that it is the one. */
export const claim = (home: Home, code: string): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const invitation = parseInvitation(code)
    if (invitation?.kind !== "claim")
      return fail("usage", "this is no claim code: it begins with home1- and is one long word")
    const { profile, replica, sealer } = device
    const { identity, logKey, relays, boxes, member } = profile.content
    if (replica.session.state().members.get(member)?.role !== "admin") {
      return fail("refused", "only an admin takes a box into the family")
    }
    const met = await dialInvitation(home, sealer, invitation, {
      linkSecret: identity.secrets.link,
      digits: false,
    })
    if (!met.ok) return met
    const known = withKnown(invitation.addresses, boxes)
    const talk = hostJoin(met.value.channel, {
      sealer,
      replica,
      logKey,
      relays,
      boxes: known,
      admitAs: { type: "Box", circles: [replica.everyone()] },
      newMemberId: () => bytesToHex(home.random.bytes(16)) as MemberId,
      // The code itself is the proof: a box has no screen to show digits at.
      confirm: () => Promise.resolve(true),
      onProgress: showProgress(home),
    })
    const hosted = await bounded(home, met.value.channel, talkMs, talk)
    await parted(home, met.value)
    if (!hosted.ok) return err(joinFailure(hosted.error))
    await profile.update({ boxes: known })
    await writeMemberName(device, hosted.value.member, hosted.value.newcomer.name || "Box")
    await publishAddresses(device, hosted.value.member, invitation.addresses)
    const box = deviceIdOf(hosted.value.newcomer.keys, sealer.hash)
    const { isStored } = hosted.value
    home.result(
      { box, member: hosted.value.member, addresses: invitation.addresses, stored: isStored },
      isStored
        ? `The box is in the family. Bring it up to date with "home sync --once".`
        : "The box is admitted.",
    )
    return isStored ? ok(undefined) : neverStored("The box", box)
  })
