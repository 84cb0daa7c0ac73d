import { createDeviceIdentity, parseRecoveryPhrase, recoveryIdentity } from "@home/crypto"
import { err, ok } from "@home/shared/base"
import {
  issueOwnCard,
  nameOfFamily,
  operationChanges,
  readRecoveryRoom,
  writeDeviceName,
} from "@home/shared/device"
import { type RecoverError, recoverFamily } from "@home/shared/replica"
import type { Calls } from "../port.js"
import { checkSetup } from "./calls-setup.js"
import type { Context } from "./context.js"
import { eraseDisk, openDisk } from "./profile.js"
import { notePhrase } from "./phrase.js"
import { relayUrlOf } from "./relay-url.js"

/** A new device from the phrase and what a relay holds, and nothing else. */
export const createRecoverCalls = (context: Context, database: string): Pick<Calls, "recover"> => ({
  recover: async input => {
    const { sealer, net, deps } = context
    const checked = checkSetup(context, input)
    if (!checked.ok) return checked
    const relay = relayUrlOf(input.relay)
    if (!relay.ok) return relay
    const phrase = parseRecoveryPhrase(input.phrase)
    if (!phrase.ok) return phrase
    const recovery = recoveryIdentity(phrase.value)
    const bundles = await readRecoveryRoom(net, sealer, relay.value, recovery.keys)
    if (bundles === undefined) return err({ type: "Unreachable" })

    const identity = createDeviceIdentity(deps.random)
    // Only sealed bundles lie in there; it goes when this ends.
    const scratch = `${database}/recovering`
    await eraseDisk(deps.indexedDb, scratch)
    const disk = await openDisk(deps.indexedDb, scratch, deps.random)
    let recovered: Awaited<ReturnType<typeof recoverFamily>>
    try {
      await disk.database.archive.append(bundles)
      recovered = await recoverFamily({ sealer }, disk.database.archive, recovery, identity)
    } finally {
      disk.close()
      await eraseDisk(deps.indexedDb, scratch)
    }
    if (!recovered.ok) return err<RecoverError>(recovered.error)
    const { group, member, logKey, operations, admission } = recovered.value
    const first = {
      content: {
        group,
        member,
        identity,
        logKey,
        relays: [relay.value],
        boxes: [],
        deviceName: input.deviceName,
      },
      changes: operationChanges(
        sealer,
        operations.map(({ bytes }) => bytes),
      ),
      bundles,
    }
    const opened = await context.adopt(input.passphrase, first, async family => {
      const admitted = await family.replica.actAs(admission)
      if (!admitted.ok) return admitted
      await family.replica.tend()
      await writeDeviceName(family, member, identity.id, input.deviceName, input.deviceKind)
      await notePhrase(family.profile.store, { isUsed: true, checkedMs: deps.clock.now() })
      const hints = { name: await nameOfFamily(family), relays: [relay.value], issuedMs: deps.clock.now() }
      await issueOwnCard(family.device, recovery, hints)
      return ok(undefined)
    })
    return opened.ok ? ok(undefined) : opened
  },
})
