import * as A from "@automerge/automerge/slim"
import {
  type ActorId,
  type BundleHash,
  type CircleId,
  type DeviceId,
  type FeedId,
  type IncarnationId,
  type OperationId,
  bytesToHex,
  concatBytes,
} from "../base/index.js"
import { createDocument } from "../documents/areas.js"
import type { DocumentKey } from "../replica/documents.js"
import { actorOf } from "../replica/documents.js"
import {
  type BundleBody,
  certificateDomain,
  encodeBody,
  encodeCertificate,
  encodeChanges,
} from "../wire/index.js"
import type { TestDevice, TestFamily } from "./test-family.js"

/** What a forged bundle says, where it is not what an honest device would say next in this feed. */
export interface ForgedParts extends Partial<BundleBody> {
  readonly changes?: readonly Uint8Array[]
  /** Another key than the circle's, with the tag that follows from it. */
  readonly key?: Uint8Array
  readonly seq?: number
  readonly prev?: Uint8Array
}

/** The bytes of a bundle that was sealed by hand, and what names it. */
export interface Forged {
  readonly bytes: Uint8Array
  readonly hash: BundleHash
}

/**
 * Writes what a member could write who has the keys of his device and a program of his own: right in form, and
 * wrong in whatever the test says. One forger is one feed of one incarnation in one circle.
 */
export interface Forger {
  readonly incarnation: IncarnationId
  readonly feed: FeedId
  readonly certificate: Uint8Array
  actor(key: DocumentKey, slot?: number): ActorId
  /** The next change of an actor in a note's checklist; `base` is what was there before. */
  edit(
    key: DocumentKey,
    text: string,
    options?: { readonly actor?: string; readonly base?: readonly Uint8Array[] },
  ): Uint8Array
  /** Seals the next bundle of the feed. */
  seal(key: DocumentKey, parts: ForgedParts): Promise<Forged>
  /** A certificate with other names in it, signed with whatever seed. */
  certify(parts: {
    readonly device?: DeviceId
    readonly circle?: CircleId | undefined
    readonly feed?: FeedId
    readonly seed?: Uint8Array
  }): Promise<Uint8Array>
}

export const createForger = async (
  world: Pick<TestFamily, "sealer" | "random">,
  device: TestDevice,
  of: CircleId | "log" = device.replica.everyone(),
): Promise<Forger> => {
  const circle = of === "log" ? undefined : of
  const { sealer, random } = world
  const { session } = device.replica
  const incarnation = bytesToHex(random.bytes(16)) as IncarnationId
  const feedSeed = random.bytes(32)
  const ownFeed = bytesToHex(sealer.signingKeyOf(feedSeed)) as FeedId
  let seq = 0
  let prev = new Uint8Array(32)

  const certify: Forger["certify"] = async parts => {
    const unsigned = encodeCertificate({
      group: session.group,
      device: parts.device ?? device.identity.id,
      circle: "circle" in parts ? parts.circle : circle,
      incarnation,
      feed: parts.feed ?? ownFeed,
    })
    const signature = await sealer.sign(
      certificateDomain,
      parts.seed ?? device.identity.secrets.signing,
      unsigned,
    )
    return concatBytes(unsigned, signature)
  }
  const certificate = await certify({})
  const ownKey = (): Uint8Array => {
    const key =
      circle === undefined ? session.keyring.log : session.keyring.sealingKey(session.state(), circle)
    if (key === undefined) throw new Error("the forger has not the circle's key")
    return key.key
  }
  const actor: Forger["actor"] = (key, slot = 0) =>
    actorOf(sealer, { device: device.identity.id, document: key.id, incarnation, slot })

  return {
    incarnation,
    feed: ownFeed,
    certificate,
    actor,
    certify,
    edit: (key, text, options = {}) => {
      const empty = A.clone(createDocument(key.area), { actor: options.actor ?? actor(key) })
      const base = A.applyChanges(empty, [...(options.base ?? [])])[0]
      const changed = A.change(base, { time: 0 }, draft => {
        const { checklist } = draft as { checklist: Record<string, unknown> }
        checklist[text] = new A.ImmutableString(text)
      })
      const change = A.getLastLocalChange(changed)
      if (change === undefined) throw new Error("nothing was changed")
      return change
    },
    seal: async (key, parts) => {
      const body = encodeBody({
        certificate: parts.certificate ?? { type: "Full", bytes: certificate },
        group: parts.group ?? session.group,
        kind: parts.kind ?? "changes",
        document: "document" in parts ? parts.document : { area: key.area, name: key.name },
        slot: parts.slot ?? 0,
        groupHeads: parts.groupHeads ?? (session.log.heads() as readonly OperationId[]),
        payload: parts.payload ?? encodeChanges(parts.changes ?? []),
      })
      const bundle = await sealer.sealBundle({
        key: parts.key ?? ownKey(),
        feedSeed,
        seq: parts.seq ?? seq + 1,
        prev: parts.prev ?? prev,
        body,
      })
      seq = bundle.seq
      const hash = sealer.bundleHash(bundle)
      prev = hash.slice()
      return { bytes: bundle.bytes, hash: bytesToHex(hash) as BundleHash }
    },
  }
}
