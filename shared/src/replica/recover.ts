import {
  ByteReader,
  ByteWriter,
  type GroupId,
  type Key,
  type MemberId,
  type Result,
  bytesToHex,
  concatBytes,
  equalBytes,
  err,
  ok,
} from "../base/index.js"
import { type Operation, type RecoveryKeys, rekeysOf } from "../access/index.js"
import { type Sealer, parseBody } from "../wire/index.js"
import type { Archive, StoredBundle } from "./archive.js"
import { type GroupSession, genuineGenesis, ingestAll, openGroupSession } from "./group-session.js"
import type { DeviceIdentity } from "./identity.js"
import { admissionByKey } from "./key-admission.js"
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
  /** Verified, without the admission. */
  readonly operations: readonly Operation[]
  readonly admission: Uint8Array
}

const noteDomain = "recovery note"
const noteBytes = 1024

/** What the phrase needs to begin with. */
interface Note {
  readonly group: GroupId
  readonly logKey: Uint8Array
}

const signatureBytes = 64

/**
 * `wrapped log key block | sealed group (32) block | signature 64`: HPKE to the recovery key, then
 * under the log key, and Ed25519 by the recovery signer over what stands before. It lies beside the genesis, open to
 * everyone. The signature tells the family from one that a member made up around the same recovery key.
 */
export const recoveryNote = async (
  sealer: Sealer,
  recovery: RecoveryIdentity,
  { group, logKey }: Note,
): Promise<Uint8Array> => {
  const inside = new ByteWriter().hex(group).done()
  const unsigned = new ByteWriter()
    .block(sealer.wrapKey(recovery.keys.wrap, sealer.hash(noteDomain), logKey))
    .block(sealer.sealUnder(noteDomain, logKey, new Uint8Array(0), inside))
    .done()
  return concatBytes(unsigned, await sealer.sign(noteDomain, recovery.secrets.signing, unsigned))
}

/** Where the founder's device keeps the note until it is published, and for whoever it must be given to again. */
export const recoveryNoteKey: Key = ["recovery note"]

const openNote = async (
  sealer: Sealer,
  recovery: RecoveryIdentity,
  payload: Uint8Array,
): Promise<Note | undefined> => {
  const reader = new ByteReader(payload)
  const wrapped = reader.block(noteBytes)
  const sealed = reader.block(noteBytes)
  const signature = reader.bytes(signatureBytes)
  if (!reader.end()) return undefined
  const unsigned = payload.subarray(0, payload.length - signatureBytes)
  if (!(await sealer.verify(noteDomain, recovery.keys.signing, unsigned, signature))) return undefined
  const logKey = sealer.unwrapKey(recovery.secrets.wrap, sealer.hash(noteDomain), wrapped)
  const inside = logKey && sealer.openUnder(noteDomain, logKey, new Uint8Array(0), sealed)
  if (logKey === undefined || inside === undefined) return undefined
  const content = new ByteReader(inside)
  const group = content.hex(32) as GroupId
  return content.end() ? { group, logKey } : undefined
}

async function* bundlesUnder(archive: Archive, tag: string): AsyncGenerator<StoredBundle> {
  for (let after = 0; ;) {
    const page = await archive.byTag(tag, after, 1 << 20)
    if (page.bundles.length === 0) return
    yield* page.bundles
    after = page.next
  }
}

/** The note that the phrase's own signer has signed. */
const findNote = async (
  sealer: Sealer,
  archive: Archive,
  recovery: RecoveryIdentity,
): Promise<Note | undefined> => {
  const tag = bytesToHex(sealer.epochTag(openKey))
  for await (const { bundle } of bundlesUnder(archive, tag)) {
    const plain = sealer.openBundle(bundle, openKey)
    const body = plain && parseBody(plain)
    const note = body?.kind === "recovery" ? await openNote(sealer, recovery, body.payload) : undefined
    if (note !== undefined) return note
  }
  return undefined
}

/** The log of a group, as far as it is here. */
export const findLog = async (
  sealer: Sealer,
  archive: Archive,
  note: Pick<Note, "group" | "logKey">,
  identity: DeviceIdentity,
): Promise<GroupSession | undefined> => {
  const raw: Uint8Array[] = []
  for await (const { bundle } of bundlesUnder(archive, bytesToHex(sealer.epochTag(note.logKey)))) {
    const plain = sealer.openBundle(bundle, note.logKey)
    const body = plain && parseBody(plain)
    if (body?.kind === "operation") raw.push(body.payload)
  }
  const genesis = await genuineGenesis(sealer, raw, note.group)
  if (genesis === undefined) return undefined
  const session = await openGroupSession({ sealer }, { identity, logKey: note.logKey }, [genesis])
  await ingestAll(session, sealer, raw)
  return session
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
  const note = await findNote(sealer, archive, recovery)
  if (note === undefined) return err({ type: "NothingForThisPhrase" })
  const session = await findLog(sealer, archive, note, identity)
  if (session === undefined) return err({ type: "LogIncomplete" })

  const state = session.state()
  if (!equalBytes(state.recovery.signing, recovery.keys.signing)) return err({ type: "PhraseReplaced" })
  for (const operation of session.log.operations()) {
    for (const rekey of rekeysOf(operation.body)) session.keyring.recover(recovery.secrets.wrap, rekey)
  }
  const member = state.founder
  const by = { author: "recovery" as const, signingSeed: recovery.secrets.signing }
  const admission = await admissionByKey(sealer, session, by, member, identity)
  return ok({ member, ...note, operations: session.log.operations(), admission })
}
