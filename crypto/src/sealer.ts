import type { Random } from "@home/shared/base"
import type { Sealer } from "@home/shared/wire"
import { openBundle, sealBundle } from "./bundle-seal.js"
import { signDomain, signedMessage, underDomain } from "./domain.js"
import { combineKeys, commitment, createBundleKeys } from "./epoch.js"
import { noble } from "./noble/all.js"
import type { Primitives } from "./primitives.js"
import { openOuter, pairwiseSecret, roomOf, sealOuter } from "./rooms.js"
import { openUnder, sealUnder } from "./seal-under.js"
import { createVerifier } from "./verify.js"
import { unwrapKey, wrapKey } from "./wrap.js"

/** The sealer of a device: the composition root hands it to everything in shared/. */
export const createSealer = (deps: { readonly random: Random; readonly primitives?: Primitives }): Sealer => {
  const { random, primitives = noble } = deps
  const bundleKeyOf = createBundleKeys(primitives)
  const sealing = { random, primitives, bundleKeyOf }
  return {
    ...createVerifier(primitives),
    signingKeyOf: seed => primitives.ed25519PublicKey(seed),
    sign: (domain, seed, message) => primitives.ed25519Sign(seed, signedMessage(signDomain(domain), message)),
    agreementKeyOf: secret => primitives.x25519PublicKey(secret),
    epochTag: key => bundleKeyOf(key).tag.slice(),
    commitment: key => commitment(primitives, key),
    combineKeys: keys => combineKeys(primitives, keys),
    wrapKey: (recipient, context, key) => wrapKey(sealing, recipient, context, key),
    unwrapKey: (secret, context, wrapped) => unwrapKey(primitives, secret, context, wrapped),
    sealUnder: (domain, key, context, plaintext) =>
      sealUnder(sealing, underDomain(domain), key, context, plaintext),
    openUnder: (domain, key, context, sealed) =>
      openUnder(primitives, underDomain(domain), key, context, sealed),
    sealBundle: input => sealBundle(sealing, input),
    openBundle: (bundle, key) => openBundle(primitives, bundle, bundleKeyOf(key)),
    roomOf: (secret, origin) => roomOf(primitives, secret, origin),
    sealOuter: (room, blob) => sealOuter(sealing, room, blob),
    openOuter: (room, sealed) => openOuter(primitives, room, sealed),
    pairwiseSecret: (secret, peer, context) => pairwiseSecret(primitives, secret, peer, context),
  }
}
