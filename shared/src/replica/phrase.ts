import { type DeviceId, type OperationId, type Random, type Result, equalBytes, err } from "../base/index.js"
import { type OperationBody, encodeUnsignedOperation, joinOperation, rekeysOf } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import type { Archive, StoredBundle } from "./archive.js"
import { type Author, createAuthor } from "./author.js"
import type { Feeds } from "./feeds.js"
import { type GroupSession, openGroupSession, operationDomain } from "./group-session.js"
import type { DeviceIdentity } from "./identity.js"
import { type RecoveryIdentity, recoveryNote } from "./recover.js"
import type { ActError, Phrase, Replica } from "./replica-port.js"

export const createPhrase = (deps: {
  readonly sealer: Sealer
  readonly random: Random
  readonly session: GroupSession
  readonly archive: Archive
  readonly identity: DeviceIdentity
  readonly feedsOf: Replica["feedsOf"]
  readonly feeds: Feeds
  readonly author: Author
  /** Takes in and hands on what was just made. */
  readonly publish: (stored: StoredBundle) => Promise<void>
  readonly act: (body: OperationBody) => Promise<Result<OperationId, ActError>>
  readonly actAs: (bytes: Uint8Array) => Promise<Result<OperationId, ActError>>
}): Phrase => {
  const { sealer, random, session, archive, identity, feedsOf, feeds } = deps
  const isCurrent = ({ keys }: RecoveryIdentity): boolean =>
    equalBytes(keys.signing, session.state().recovery.signing)

  /** The log as the phrase reads it: in a session of its own, so that this device keeps no key that is not its own. */
  const sign = async (
    recovery: RecoveryIdentity,
    write: (author: Author) => Promise<OperationBody>,
  ): Promise<Uint8Array> => {
    const own = { identity, logKey: session.keyring.log.key }
    const all = await openGroupSession({ sealer }, own, session.log.operations())
    for (const { body } of all.log.operations())
      for (const rekey of rekeysOf(body)) all.keyring.recover(recovery.secrets.wrap, rekey)
    const author = createAuthor({ sealer, random, session: all, archive, device: "recovery", feedsOf })
    const unsigned = encodeUnsignedOperation({
      group: all.group,
      parents: all.log.namedHeads("recovery"),
      author: "recovery",
      seq: all.log.nextSeq("recovery"),
      body: await write(author),
    })
    return joinOperation(unsigned, await sealer.sign(operationDomain, recovery.secrets.signing, unsigned))
  }

  const act: Phrase["act"] = async (recovery, write) =>
    isCurrent(recovery) ? deps.actAs(await sign(recovery, write)) : err({ type: "WrongPhrase" })

  const isFounders = (device: DeviceId): boolean =>
    session.state().devices.get(device)?.member === session.state().founder

  return {
    isCurrent,
    act,
    replace: async (next, by) => {
      if (by !== undefined && !isCurrent(by)) return err({ type: "WrongPhrase" })
      if (by === undefined && !isFounders(identity.id)) return err({ type: "Refused", reason: "RankTooLow" })
      // First the note: without the operation it leads nowhere, and the operation without it would leave a phrase that
      // finds nothing.
      const payload = await recoveryNote(sealer, next, {
        group: session.group,
        logKey: session.keyring.log.key,
      })
      const note = await feeds.publish(session.keyring.open, {
        kind: "recovery",
        document: undefined,
        slot: 0,
        groupHeads: session.namedHeads(),
        payload,
      })
      await deps.publish(note)
      return by === undefined
        ? deps.act(await deps.author.setRecovery(next.keys))
        : act(by, author => author.setRecovery(next.keys))
    },
  }
}
