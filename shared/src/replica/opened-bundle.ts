import {
  type Area,
  type CircleId,
  type DeviceId,
  type DocumentId,
  type GroupId,
  type OperationId,
  type Result,
  bytesToHex,
  err,
  ok,
} from "../base/index.js"
import { type DeviceKeys, admissionOf, deviceIdOf, parseOperation } from "../access/index.js"
import { fixedChanges } from "../documents/areas.js"
import {
  type BundleBody,
  type Certificate,
  type Change,
  type SealedBundle,
  type Sealer,
  certificateDomain,
  parseBody,
  parseCertificate,
  parseChange,
  parseChanges,
} from "../wire/index.js"
import type { ContentIds } from "./content-ids.js"
import type { SealingKey } from "./keyring.js"

/** Final: the bundle is dropped and counted by type, whatever arrives later. */
export type Refusal =
  | "Malformed"
  | "Forged"
  | "AnotherGroup"
  | "WrongCircle"
  | "BadCertificate"
  | "BadChange"
  | "ForeignActor"
  | "BadOperation"
  | "BadSnapshot"
  | "NotMoved"

/** Something it builds on is not here: tried again when that arrives. The name is what it waits for. */
export type WaitsFor =
  `operation:${string}` | `device:${string}` | `certificate:${string}` | `tag:${string}` | `bundle:${string}`

export type OpenError =
  { readonly type: "Refused"; readonly reason: Refusal } | { readonly type: "Waits"; readonly for: WaitsFor }

/** A bundle that is all it claims to be: sealed in its circle, by the device that the certificate names. */
export interface OpenedBundle {
  readonly body: BundleBody
  readonly certificate: Certificate
  readonly certificateHash: string
  readonly circle: CircleId | undefined
}

const refused = (reason: Refusal): Result<never, OpenError> => err({ type: "Refused", reason })
const waits = (name: WaitsFor): Result<never, OpenError> => err({ type: "Waits", for: name })

/**
 * Opens a bundle whose feed signature was verified: key, body, certificate, group, circle. Pure but for the
 * signature check; whether the author *may* is the verdict's question, not asked here.
 */
export const openBundle = async (
  deps: {
    readonly sealer: Sealer
    readonly group: GroupId
    /** Of every device that any operation admitted. */
    readonly keysOf: (device: DeviceId) => DeviceKeys | undefined
    /** The tag of bundles that everybody can open: nothing but recovery notes may stand under it. */
    readonly openTag: string
    readonly keyOf: (tag: string) => SealingKey | undefined
    /** A certificate that was verified before, by its hash. */
    readonly certificateOf: (hash: string) => Promise<Certificate | undefined>
    /** A snapshot is taken to pieces by Automerge. */
    readonly startAutomerge: () => Promise<void>
  },
  bundle: SealedBundle,
): Promise<Result<OpenedBundle, OpenError>> => {
  const { sealer } = deps
  const key = deps.keyOf(bundle.epochTag)
  if (key === undefined) return waits(`tag:${bundle.epochTag}`)
  const plain = sealer.openBundle(bundle, key.key)
  if (plain === undefined) return refused("Forged")
  const body = parseBody(plain)
  if (body === undefined) return refused("Malformed")
  if (body.group !== deps.group) return refused("AnotherGroup")

  let certificate: Certificate
  let certificateHash: string
  if (body.certificate.type === "Hash") {
    certificateHash = body.certificate.hash
    const known = await deps.certificateOf(certificateHash)
    if (known === undefined) return waits(`certificate:${certificateHash}`)
    certificate = known
  } else {
    const parsed = parseCertificate(body.certificate.bytes)
    if (parsed === undefined || parsed.group !== deps.group) return refused("BadCertificate")
    certificateHash = bytesToHex(sealer.hash(certificateDomain, parsed.bytes))
    certificate = parsed
    if ((await deps.certificateOf(certificateHash)) === undefined) {
      const keys = deps.keysOf(parsed.device) ?? keysAdmitted(sealer, body, parsed.device)
      if (keys === undefined) return waits(`device:${parsed.device}`)
      const isGenuine = await sealer.verify(
        certificateDomain,
        keys.signing,
        parsed.signedPart,
        parsed.signature,
      )
      if (!isGenuine) return refused("BadCertificate")
    }
  }
  if (certificate.feed !== bundle.feed) return refused("BadCertificate")
  // A feed belongs to one circle: content of the Kids' circle cannot arrive under Everyone's key.
  if (certificate.circle !== key.circle) return refused("WrongCircle")
  const isOpen = bundle.epochTag === deps.openTag
  if (isOpen !== (body.kind === "recovery")) return refused("WrongCircle")
  if (body.kind === "snapshot") await deps.startAutomerge()
  return ok({ body, certificate, certificateHash, circle: key.circle })
}

/**
 * Whom the recovery key lets in publishes his own admission: nobody else may be left to do it. A device's id is the
 * hash of its keys, so the keys in there are the right ones whatever becomes of the operation.
 */
const keysAdmitted = (sealer: Sealer, body: BundleBody, device: DeviceId): DeviceKeys | undefined => {
  const operation = body.kind === "operation" ? parseOperation(body.payload, sealer.hash) : undefined
  const admission = operation?.ok === true ? admissionOf(operation.value.body) : undefined
  return admission && deviceIdOf(admission.keys, sealer.hash) === device ? admission.keys : undefined
}

/** Actors are 16 bytes, also those whose operations a change names. */
export const namesDevices = (change: Change): boolean =>
  change.references.every(({ actor }) => actor.length === 32)

/** The raw changes in a payload, each parsed for itself. `undefined`: one of them, or the payload, is none. */
export const rawChangesOf = (
  sealer: Pick<Sealer, "sha256">,
  area: Area,
  payload: Uint8Array,
): readonly Change[] | undefined => {
  const raw = parseChanges(payload)
  if (raw === undefined) return undefined
  const fixed = new Set(fixedChanges(area).map(({ hash }) => hash))
  const changes: Change[] = []
  for (const bytes of raw) {
    const change = parseChange(bytes, sealer.sha256)
    if (change === undefined || !namesDevices(change)) return undefined
    // Everything stands upon the area's fixed changes, and an actor's next change upon his last.
    if (change.deps.length === 0 && !fixed.has(change.hash)) return undefined
    changes.push(change)
  }
  return changes
}

/**
 * The changes of an opened bundle: each exactly one Automerge change, each by the actor that belongs to the
 * signer's device, document, incarnation and slot, or one of the area's fixed changes.
 */
export const changesOf = (
  sealer: Pick<Sealer, "sha256">,
  ids: ContentIds,
  opened: OpenedBundle,
): Result<{ readonly document: DocumentId; readonly changes: readonly Change[] }, OpenError> => {
  const { body, certificate, circle } = opened
  if (body.document === undefined || circle === undefined) return refused("Malformed")
  const document = ids.documentOf(circle, body.document)
  const changes = rawChangesOf(sealer, body.document.area, body.payload)
  if (changes === undefined) return refused("BadChange")
  const actor = ids.actorOf(certificate, document, body.slot)
  const fixed = new Set(fixedChanges(body.document.area).map(({ hash }) => hash))
  if (changes.some(change => change.actor !== actor && !fixed.has(change.hash)))
    return refused("ForeignActor")
  return ok({ document, changes })
}

/** The first of the author's membership heads that is not here yet. */
export const missingHead = (
  body: BundleBody,
  has: (operation: OperationId) => boolean,
): OperationId | undefined => body.groupHeads.find(head => !has(head))

export type OpenBundle = (bundle: SealedBundle) => ReturnType<typeof openBundle>

/** The changes that a bundle of a document brings, whatever its kind. */
export type ContentOf = (
  opened: OpenedBundle,
) => Result<{ readonly document: DocumentId; readonly changes: readonly Change[] }, OpenError>
