import { createDeviceIdentity } from "@home/crypto"
import { type Result, err, ok } from "@home/shared/base"
import { isName, issueOwnCard, writeDeviceName, writeFamilyName, writeMemberName } from "@home/shared/device"
import { foundFamily } from "@home/shared/replica"
import type { Calls, SetupError } from "../port.js"
import type { Context } from "./context.js"
import { type PhraseInHand, notePhrase } from "./phrase.js"
import { relayUrlOf } from "./relay-url.js"

/** What every way to set up a device asks for; the first thing that is missing. */
export const checkSetup = (
  context: Context,
  input: { readonly deviceName: string; readonly passphrase: string; readonly member?: string | undefined },
): Result<void, SetupError> => {
  const state = context.cells.state.get()
  if (state?.type !== "Empty") return err({ type: "AlreadyInFamily" })
  if (input.member !== undefined && !isName(input.member))
    return err({ type: "InvalidName", field: "member" })
  if (!isName(input.deviceName)) return err({ type: "InvalidName", field: "deviceName" })
  return input.passphrase === "" ? err({ type: "NoPassphrase" }) : ok(undefined)
}

/** Founding: the phrase is made and checked before anything is on disk, so that no half-made family can be left. */
export const createSetupCalls = (context: Context, phrase: PhraseInHand): Pick<Calls, "found"> => {
  const { deps, sealer } = context
  const { random } = deps

  return {
    found: async input => {
      if (!isName(input.family)) return err({ type: "InvalidName", field: "family" })
      const checked = checkSetup(context, input)
      if (!checked.ok) return checked
      const relay = input.relay === undefined || input.relay === "" ? undefined : relayUrlOf(input.relay)
      if (relay?.ok === false) return relay
      const recovery = phrase.checked()
      if (recovery === undefined) return err({ type: "PhraseNotChecked" })
      const identity = createDeviceIdentity(random)
      const founded = await foundFamily({ sealer, random }, identity, recovery)
      const first = {
        content: {
          group: founded.group,
          member: founded.member,
          identity,
          logKey: founded.logKey,
          relays: relay === undefined ? [] : [relay.value],
          boxes: [],
          deviceName: input.deviceName,
        },
        changes: founded.changes,
      }
      const opened = await context.adopt<never>(input.passphrase, first, async family => {
        await writeFamilyName(family, input.family)
        await writeMemberName(family, founded.member, input.member)
        await writeDeviceName(family, founded.member, identity.id, input.deviceName, input.deviceKind)
        await notePhrase(family.profile.store, { isUsed: false, checkedMs: deps.clock.now() })
        const hints = { name: input.family, relays: first.content.relays, issuedMs: deps.clock.now() }
        await issueOwnCard(family.device, recovery, hints)
        return ok(undefined)
      })
      if (!opened.ok) return opened
      phrase.forget()
      opened.value.touch()
      return ok(undefined)
    },
  }
}
