import { createChannelOpener, createSpokenCodes } from "@home/crypto"
import type { DeviceId } from "@home/shared/base"
import {
  type CodeNetDeps,
  type EnterError,
  type Meeting,
  type NetDeps,
  type ShowError,
  dialInvitation as dial,
} from "@home/shared/device"
import type { JoinProgress } from "@home/shared/replica"
import type { Invitation, Sealer } from "@home/shared/wire"
import { native } from "../native/all.js"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"

/** What meeting others takes, with the handshakes by node:crypto. */
export const netOf = (home: Home): NetDeps => ({
  ...home,
  openChannel: createChannelOpener({ random: home.random, primitives: native }),
})

export const codeNetOf = (home: Home, sealer: Sealer): CodeNetDeps => ({
  ...netOf(home),
  sealer,
  codes: createSpokenCodes(home.random),
})

export const showFailure = ({ againMs }: ShowError): Failure => ({
  kind: "refused",
  message: `five codes were shown within an hour: the next one can be made after ${new Date(againMs).toLocaleTimeString()}`,
})

export const enterFailure = (error: EnterError): Failure => {
  switch (error.type) {
    case "NotACode":
      return {
        kind: "usage",
        message: "this is neither an invitation nor a code of four digits and three words",
      }
    case "Refused":
      return {
        kind: "refused",
        message: "the other side says no to this code: a word is wrong, or it was used. Ask for a new one",
      }
    case "NobodyThere":
      return {
        kind: "unreachable",
        message: "nobody shows this code at the relay: look at the four digits, or ask for a new one",
      }
  }
}

/** Dials whoever showed an invitation, with what can go wrong in words. */
export const dialInvitation = async (
  home: Home,
  sealer: Sealer,
  invitation: Invitation,
  options: { readonly linkSecret: Uint8Array; readonly digits: boolean },
): Outcome<Meeting> => {
  const met = await dial(netOf(home), sealer, invitation, options)
  if (met.ok) return met
  return met.error.type === "Burnt"
    ? fail("refused", "the other side does not know this code: it was used or has expired")
    : fail("unreachable", "nobody answers at the addresses of this code")
}

/** A long log takes its time: how far it is, on the terminal. */
export const showProgress =
  (home: Pick<Home, "terminal">) =>
  ({ doneBytes, totalBytes }: JoinProgress): void =>
    home.terminal.progress(
      doneBytes < totalBytes
        ? `handing over the family's log: ${Math.floor((100 * doneBytes) / totalBytes)} %`
        : undefined,
    )

/** The newcomer is in the log, and whether it knows that, nobody here can tell. */
export const neverStored = (name: string, device: DeviceId) =>
  fail(
    "unreachable",
    `${name} is admitted, but never said that everything is stored there. If it works on that device, all is well; ` +
      `if it does not, take the device out with "home remove ${device}" and begin anew`,
  )
