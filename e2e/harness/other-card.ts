import { createSealer, noble } from "@home/crypto"
import type { GroupId, Random } from "@home/shared/base"
import { certifyContact, encodeContactLink, signContactCard } from "@home/shared/wire"

/** The same bytes on every run, so that pictures can be compared. */
const fixed = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const random: Random = { bytes: length => new Uint8Array(length) }

/** A card of a family that nobody has founded. `phrase`: another number is that family after its words were changed. */
export const otherCard = async (name: string, phrase: number): Promise<string> => {
  const sealer = createSealer({ random, primitives: noble })
  const [recovery, signing, agreement] = [fixed(phrase), fixed(phrase + 1), fixed(phrase + 2)]
  const identity = {
    group: "0f".repeat(32) as GroupId,
    recovery: sealer.signingKeyOf(recovery),
    keys: { signing: sealer.signingKeyOf(signing), agreement: sealer.agreementKeyOf(agreement) },
  }
  const certificate = await certifyContact(sealer, recovery, identity)
  const hints = { issuedMs: phrase, name, relays: [] }
  return encodeContactLink(await signContactCard(sealer, signing, { ...identity, ...hints, certificate }))
}
