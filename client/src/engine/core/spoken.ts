import { createSpokenCodes } from "@home/crypto"
import { type Result, err, ok } from "@home/shared/base"
import { type CodeNetDeps, enterCode } from "@home/shared/device"
import type { PairingError } from "../port.js"
import type { Context } from "./context.js"
import { relayUrlOf } from "./relay-url.js"

export const codeDeps = ({ net, sealer }: Pick<Context, "net" | "sealer">): CodeNetDeps => ({
  ...net,
  sealer,
  codes: createSpokenCodes(net.random),
})

/** The invitation as it was scanned or pasted, or what whoever reads a code out gives for it at the relay. */
export const invitationOf = async (
  context: Pick<Context, "net" | "sealer">,
  typed: string,
  relay: string | undefined,
): Promise<Result<string, PairingError>> => {
  const deps = codeDeps(context)
  if (deps.codes.enter(typed) === undefined) return ok(typed)
  const url = relay === undefined ? undefined : relayUrlOf(relay)
  if (url?.ok !== true) return err({ type: "NoWay" })
  const entered = await enterCode(deps, url.value, typed)
  if (entered.ok) return entered
  return err({ type: entered.error.type === "NobodyThere" ? "Unreachable" : "CodeRefused" })
}
