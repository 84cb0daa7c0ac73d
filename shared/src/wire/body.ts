import {
  type Area,
  ByteReader,
  ByteWriter,
  type DocumentName,
  type GroupId,
  type OperationId,
  areaCodes,
  areaFromCode,
} from "../base/index.js"
import { certificateBytes } from "./certificate.js"
import { limits } from "./limits.js"

/**
 * What a bundle carries. Codes go on the wire and never change.
 * operation: one membership operation · changes, snapshot: of a document · recovery: the log key, sealed to the
 * recovery key, in a bundle that everyone can open (it is the first thing that only the phrase is needed for) ·
 * manifest: up to where a circle's snapshots stand for its bundles · moved: the changes that a document of another
 * circle brings along.
 */
export const bundleKinds = {
  operation: 1,
  changes: 2,
  snapshot: 3,
  recovery: 4,
  manifest: 5,
  moved: 6,
} as const
export type BundleKind = keyof typeof bundleKinds

const ofDocument: readonly BundleKind[] = ["changes", "snapshot", "moved"]

/**
 * The sealed inside of a bundle:
 * `certificate: 1 | 177 bytes, or 0 | hash 32 | group 32 | kind u8 | area u8 (0: none) | name text | slot u8 |
 * groupHeads list of 32 | payload block`.
 * The feed's only signature covers all of it through the ciphertext's hash, so nobody can re-seal a payload
 * under another document, kind or set of heads.
 */
export interface BundleBody {
  /** The certificate itself (first bundle of a feed in an epoch) or its hash. */
  readonly certificate:
    { readonly type: "Full"; readonly bytes: Uint8Array } | { readonly type: "Hash"; readonly hash: string }
  readonly group: GroupId
  readonly kind: BundleKind
  /** `undefined` for operations and the recovery note: they concern the group itself. */
  readonly document: DocumentName | undefined
  /** Which of the device's actors in the document wrote the changes. */
  readonly slot: number
  /** The membership heads that the author had: what he was allowed to do is judged there. */
  readonly groupHeads: readonly OperationId[]
  readonly payload: Uint8Array
}

export const encodeBody = (body: BundleBody): Uint8Array => {
  const writer = new ByteWriter()
  if (body.certificate.type === "Full") writer.u8(1).bytes(body.certificate.bytes)
  else writer.u8(0).hex(body.certificate.hash)
  return writer
    .hex(body.group)
    .u8(bundleKinds[body.kind])
    .u8(body.document === undefined ? 0 : areaCodes[body.document.area])
    .text(body.document?.name ?? "")
    .u8(body.slot)
    .list(body.groupHeads, (list, head) => list.hex(head))
    .block(body.payload)
    .done()
}

const kindFromCode = (code: number): BundleKind | undefined => {
  for (const kind of Object.keys(bundleKinds) as BundleKind[]) if (bundleKinds[kind] === code) return kind
  return undefined
}

/** `undefined` when the bytes are not exactly a body: a bundle with a good signature and a bad body is forged. */
export const parseBody = (bytes: Uint8Array): BundleBody | undefined => {
  const reader = new ByteReader(bytes)
  const full = reader.u8()
  if (full > 1) reader.fail()
  const certificate: BundleBody["certificate"] =
    full === 1
      ? { type: "Full", bytes: reader.bytes(certificateBytes) }
      : { type: "Hash", hash: reader.hex(32) }
  const group = reader.hex(32) as GroupId
  const kind = kindFromCode(reader.u8())
  const areaCode = reader.u8()
  const area: Area | undefined = areaFromCode(areaCode)
  const name = reader.text(limits.nameBytes)
  const slot = reader.u8()
  const groupHeads = reader.list(limits.groupHeads, list => list.hex(32) as OperationId)
  const payload = reader.block(limits.bundleBytes)
  if (!reader.end() || kind === undefined) return undefined
  if (area === undefined && (areaCode !== 0 || name !== "")) return undefined
  if (ofDocument.includes(kind) !== (area !== undefined)) return undefined
  return {
    certificate,
    group,
    kind,
    document: area === undefined ? undefined : { area, name },
    slot,
    groupHeads,
    payload,
  }
}
