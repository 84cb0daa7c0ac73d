import { err, ok } from "@home/shared/base"
import { leaveShare } from "@home/shared/device"
import { confirmed } from "./confirmed.js"
import { openOwn } from "./contacts.js"
import { fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { actFailure } from "./refusals.js"
import { relaysOfBoth } from "./share-box.js"
import { openShare, useProfile, withDevice } from "./with-device.js"

/** The side that did not make a share goes out of it, with all its devices. */
export const leaveShareOf = (
  home: Home,
  options: { readonly share: string; readonly isYes: boolean },
): Outcome =>
  withDevice(home, async family => {
    const own = await openOwn(home, family)
    if (!own.ok) return own
    const opened = await openShare(home, family.profile, options.share)
    if (!opened.ok) return opened
    return useProfile(home, opened.value, async share => {
      const { replica } = share
      const { voucher, devices } = replica.session.state()
      const here = devices.get(replica.device)
      if (here?.live !== true) return fail("refused", "that share is over")
      if (here.member !== voucher?.member)
        return fail("refused", 'your family made it: "home share revoke" ends it for both')
      const question =
        "They keep what your family wrote, and no device of yours gets anything new. What is here stays. Leave it?"
      const asked = await confirmed(home, options.isYes, question)
      if (!asked.ok) return asked
      if (!asked.value) return fail("refused", "nothing was left")
      const relays = await relaysOfBoth(family, share, own.value)
      const { logKey } = share.profile.content
      const held = { replica, logKey, relays, secrets: own.value.secrets }
      const left = await leaveShare({ ...home, sealer: share.sealer }, held)
      if (!left.ok) {
        return left.error.type === "Unreachable"
          ? fail("unreachable", "no relay of either family answers: nothing was done")
          : err(actFailure(left.error))
      }
      home.result({ left: replica.group }, "Left, with every device of this family.")
      return ok(undefined)
    })
  })
