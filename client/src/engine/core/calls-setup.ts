import { createDeviceIdentity, createRecoveryEntropy, recoveryIdentity, recoveryPhrase } from "@home/crypto"
import { type Result, err, ok } from "@home/shared/base"
import { isName, writeDeviceName, writeFamilyName, writeMemberName } from "@home/shared/device"
import { foundFamily } from "@home/shared/replica"
import type { Calls, SetupError } from "../port.js"
import type { Context } from "./context.js"
import { relayUrlOf } from "./relay-url.js"

/** How many of the 24 words are asked for. */
const askedWords = 3
const phraseWords = 24

const positions = (context: Context): readonly number[] => {
  const found = new Set<number>()
  while (found.size < askedWords) found.add(1 + ((context.deps.random.bytes(1)[0] ?? 0) % phraseWords))
  return [...found].sort((a, b) => a - b)
}

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
export const createSetupCalls = (context: Context): Pick<Calls, "newPhrase" | "checkPhrase" | "found"> => {
  const { deps, sealer } = context
  const { random } = deps
  let phrase:
    { readonly entropy: Uint8Array; readonly asked: readonly number[]; isChecked: boolean } | undefined

  return {
    newPhrase: () => {
      if (context.cells.state.get()?.type !== "Empty")
        return Promise.resolve(err({ type: "AlreadyInFamily" }))
      const entropy = createRecoveryEntropy(random)
      phrase = { entropy, asked: positions(context), isChecked: false }
      return Promise.resolve(ok({ words: recoveryPhrase(entropy).split(" "), asked: phrase.asked }))
    },
    checkPhrase: ({ answers }) => {
      if (phrase === undefined) return Promise.resolve(err({ type: "NoPhrase" }))
      const words = recoveryPhrase(phrase.entropy).split(" ")
      const wrong = phrase.asked.filter(
        (position, index) => answers[index]?.trim().toLowerCase() !== words[position - 1],
      )
      if (wrong.length > 0) return Promise.resolve(err({ type: "WrongWords", positions: wrong }))
      phrase.isChecked = true
      return Promise.resolve(ok(undefined))
    },
    found: async input => {
      if (!isName(input.family)) return err({ type: "InvalidName", field: "family" })
      const checked = checkSetup(context, input)
      if (!checked.ok) return checked
      const relay = input.relay === undefined || input.relay === "" ? undefined : relayUrlOf(input.relay)
      if (relay?.ok === false) return relay
      if (phrase?.isChecked !== true) return err({ type: "PhraseNotChecked" })
      const identity = createDeviceIdentity(random)
      const recovery = recoveryIdentity(phrase.entropy)
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
        await writeDeviceName(family, founded.member, identity.id, input.deviceName)
        return ok(undefined)
      })
      if (!opened.ok) return opened
      phrase = undefined
      opened.value.touch()
      return ok(undefined)
    },
  }
}
