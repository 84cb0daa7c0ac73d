import {
  ByteReader,
  ByteWriter,
  type GroupId,
  type MemberId,
  type Result,
  bytesToHex,
  equalBytes,
  err,
  ok,
} from "../base/index.js"
import {
  type DeviceAdmission,
  type KeyWrap,
  type Operation,
  type RecoveryKeys,
  admissionMessage,
  encodeUnsignedOperation,
  joinOperation,
  rekeysOf,
} from "../access/index.js"
import { type Sealer, parseBody } from "../wire/index.js"
import type { Archive, StoredBundle } from "./archive.js"
import { wrapsOfEpochs } from "./author.js"
import {
  type GroupSession,
  admissionDomain,
  genuineGenesis,
  ingestAll,
  openGroupSession,
  operationDomain,
} from "./group-session.js"
import { epochsForNewcomer } from "./history-keys.js"
import type { DeviceIdentity } from "./identity.js"
import { openKey } from "./keyring.js"

/** What the phrase yields; crypto/ derives it. */
export interface RecoveryIdentity {
  readonly keys: RecoveryKeys
  readonly secrets: { readonly signing: Uint8Array; readonly wrap: Uint8Array }
}

export type RecoverError =
  /** No bundle here was sealed to this phrase: another family's, or nothing of it at all. */
  | { readonly type: "NothingForThisPhrase" }
  /** The log itself is not among the bundles, or not whole. */
  | { readonly type: "LogIncomplete" }
  /** It was the family's phrase; by the log another one has taken its place. */
  | { readonly type: "PhraseReplaced" }

/** A new device that the recovery key has let in: store it, open a replica, publish `admission` by `actAs`. */
export interface Recovered {
  readonly group: GroupId
  readonly member: MemberId
  readonly logKey: Uint8Array
  readonly recoveryRoom: Uint8Array
  /** Verified, without the admission. */
  readonly operations: readonly Operation[]
  readonly admission: Uint8Array
}

const noteDomain = "recovery note"
const noteBytes = 1024

/**
 * `wrapped log key block | sealed recovery room block`: HPKE to the recovery key, then under the log key. It lies
 * beside the genesis, open to everyone.
 */
export const recoveryNote = (
  sealer: Sealer,
  recovery: RecoveryKeys,
  content: { readonly logKey: Uint8Array; readonly recoveryRoom: Uint8Array },
): Uint8Array =>
  new ByteWriter()
    .block(sealer.wrapKey(recovery.wrap, sealer.hash(noteDomain), content.logKey))
    .block(sealer.sealUnder(noteDomain, content.logKey, new Uint8Array(0), content.recoveryRoom))
    .done()

interface Note {
  readonly logKey: Uint8Array
  readonly recoveryRoom: Uint8Array
}

const openNote = (sealer: Sealer, recovery: RecoveryIdentity, payload: Uint8Array): Note | undefined => {
  const reader = new ByteReader(payload)
  const wrapped = reader.block(noteBytes)
  const sealed = reader.block(noteBytes)
  if (!reader.end()) return undefined
  const logKey = sealer.unwrapKey(recovery.secrets.wrap, sealer.hash(noteDomain), wrapped)
  const recoveryRoom = logKey && sealer.openUnder(noteDomain, logKey, new Uint8Array(0), sealed)
  return logKey && recoveryRoom && { logKey, recoveryRoom }
}

async function* bundlesUnder(archive: Archive, tag: string): AsyncGenerator<StoredBundle> {
  for (let after = 0; ;) {
    const page = await archive.byTag(tag, after, 1 << 20)
    if (page.bundles.length === 0) return
    yield* page.bundles
    after = page.next
  }
}

/** Notes that open: the family's own, and what somebody who knows its keys may have left beside it. */
const findNotes = async (
  sealer: Sealer,
  archive: Archive,
  recovery: RecoveryIdentity,
): Promise<readonly Note[]> => {
  const tag = bytesToHex(sealer.epochTag(openKey))
  const found = new Map<string, Note>()
  for await (const { bundle } of bundlesUnder(archive, tag)) {
    const plain = sealer.openBundle(bundle, openKey)
    const body = plain && parseBody(plain)
    const note = body?.kind === "recovery" ? openNote(sealer, recovery, body.payload) : undefined
    if (note !== undefined) found.set(bytesToHex(note.logKey), note)
  }
  return [...found.values()]
}

/** The note under whose log key there is a whole log; of several the one with the most operations. */
const findLog = async (
  sealer: Sealer,
  archive: Archive,
  notes: readonly Note[],
  identity: DeviceIdentity,
): Promise<{ readonly note: Note; readonly session: GroupSession } | undefined> => {
  let found: { readonly note: Note; readonly session: GroupSession } | undefined
  for (const note of notes) {
    const raw: Uint8Array[] = []
    for await (const { bundle } of bundlesUnder(archive, bytesToHex(sealer.epochTag(note.logKey)))) {
      const plain = sealer.openBundle(bundle, note.logKey)
      const body = plain && parseBody(plain)
      if (body?.kind === "operation") raw.push(body.payload)
    }
    const session = await verifiedSession(sealer, note.logKey, identity, raw)
    const length = session?.log.operations().length ?? 0
    if (session !== undefined && length > (found?.session.log.operations().length ?? 0))
      found = { note, session }
  }
  return found
}

/**
 * A new device from the phrase and an archive alone: the note gives the log key, the log gives the wraps, the
 * newest wrap gives every key, and the recovery signer lets the device in as the founder's.
 */
export const recoverFamily = async (
  deps: { readonly sealer: Sealer },
  archive: Archive,
  recovery: RecoveryIdentity,
  identity: DeviceIdentity,
): Promise<Result<Recovered, RecoverError>> => {
  const { sealer } = deps
  const notes = await findNotes(sealer, archive, recovery)
  if (notes.length === 0) return err({ type: "NothingForThisPhrase" })
  const log = await findLog(sealer, archive, notes, identity)
  if (log === undefined) return err({ type: "LogIncomplete" })
  const { note, session } = log

  const state = session.state()
  if (!equalBytes(state.recovery.signing, recovery.keys.signing)) return err({ type: "PhraseReplaced" })
  for (const operation of session.log.operations()) {
    for (const rekey of rekeysOf(operation.body)) session.keyring.recover(recovery.secrets.wrap, rekey)
  }
  const member = state.founder
  const wraps: KeyWrap[] = []
  for (const circle of state.circles.values()) {
    if (!circle.members.has(member)) continue
    const epochs = epochsForNewcomer(session.keyring, circle)
    const to = { id: identity.id, wrapKey: identity.keys.wrap }
    wraps.push(...wrapsOfEpochs(sealer, session.keyring, circle.id, epochs, to))
  }
  const proof = await sealer.sign(
    admissionDomain,
    identity.secrets.signing,
    admissionMessage(session.group, member, identity.keys),
  )
  const device: DeviceAdmission = { keys: identity.keys, proof }
  const unsigned = encodeUnsignedOperation({
    group: session.group,
    parents: [...session.log.heads()],
    author: "recovery",
    seq: session.log.nextSeq("recovery"),
    body: { type: "addDevice", member, device, wraps },
  })
  const admission = joinOperation(
    unsigned,
    await sealer.sign(operationDomain, recovery.secrets.signing, unsigned),
  )
  return ok({ group: session.group, member, ...note, operations: session.log.operations(), admission })
}

const verifiedSession = async (
  sealer: Sealer,
  logKey: Uint8Array,
  identity: DeviceIdentity,
  raw: readonly Uint8Array[],
): Promise<GroupSession | undefined> => {
  const genesis = await genuineGenesis(sealer, raw)
  if (genesis === undefined) return undefined
  const session = await openGroupSession({ sealer }, { identity, logKey }, [genesis])
  await ingestAll(session, sealer, raw)
  return session
}
