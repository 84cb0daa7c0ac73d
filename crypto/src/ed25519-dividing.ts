import { hexToBytes, textToBytes } from "@home/shared/base"
import type { PublicPrimitives } from "./primitives.js"

/**
 * Public key, signature, and whether it counts (SPEC.md K2). All hold with the cofactor, none but the true ones
 * without it: keys and commitments with a part of small order ("torsion"), made from small numbers.
 */
const dividing: readonly (readonly [publicKey: string, signature: string, counts: boolean])[] = [
  // A + torsion 1, nonce 1
  [
    "1dd960b291c53514fece1341fc0dcd8a648b3934c2c533666f737a654ff1e1bf",
    "5866666666666666666666666666666666666666666666666666666666666666" +
      "e53db4702d9c7b2752c83654daea2bc7f693a3ec4951d8fd44a89c81ba601300",
    false,
  ],
  // A + torsion 1, nonce 11
  [
    "1dd960b291c53514fece1341fc0dcd8a648b3934c2c533666f737a654ff1e1bf",
    "1337036ac32d8f30d4589c3c1c595812ce0fff40e37c6f5a97ab213f318290ad" +
      "0ff0d23cdfef87536ed21c8606a0a5024138202577f4d59b7981125c1f448d01",
    true,
  ],
  // A + torsion 4, nonce 1
  [
    "d600527f9723f2166ca2c99c90c52e4a21921cbec4edc771bac4fa0d5b3e2c24",
    "5866666666666666666666666666666666666666666666666666666666666666" +
      "09edb6b544691b9f9fe0808eac169391a443470286ac982e80a38431e6387503",
    true,
  ],
  // A + torsion 4, nonce 2
  [
    "d600527f9723f2166ca2c99c90c52e4a21921cbec4edc771bac4fa0d5b3e2c24",
    "c9a3f86aae465f0e56513864510f3997561fa2c9e85ea21dc2292309f3cd6022" +
      "2886999719856ec8d47c703f7d09e4e68a443d1d418e18d8e52a858f1d36b509",
    false,
  ],
  // A and R + torsion 3, nonce 1
  [
    "d63c01223147541df4e170763e9e2788a8bf5971f52a93c5829dbe6f5ff6bba9",
    "98519eadf35b995233b51b5cd23e9cc5a28b639b5a4af0ec903cb960d81b7819" +
      "984281247b87d476534adcad3e65f29cff85be6d8b4d8252159ff1af26770d02",
    false,
  ],
  // A and R + torsion 3, nonce 8
  [
    "d63c01223147541df4e170763e9e2788a8bf5971f52a93c5829dbe6f5ff6bba9",
    "99e078d056763dca46099c11c8fce4f62ca39f82091a309e0de107a5405ab262" +
      "6a2c9fd4638f1539a742ad55c75dc61f83889fac66f61ad27941d937ae6f540b",
    true,
  ],
  // odd R 0
  [
    "17ffad8068dc0de9935d36636f3ad1b5de6de3413b12388e453b05f2a4c1d3db",
    "0100000000000000000000000000000000000000000000000000000000000000" +
      "de53ea0df9153348d34c67a950e514c7356777b68599ade43fd6f1b24eef9a03",
    true,
  ],
  // A + torsion 0, nonce 1
  [
    "17ffad8068dc0de9935d36636f3ad1b5de6de3413b12388e453b05f2a4c1d3db",
    "5866666666666666666666666666666666666666666666666666666666666666" +
      "61a4e1c49f63f7ea92dcc5c41d9453f4657e4e4e8b545604ca448ca68067b901",
    true,
  ],
]

const message = textToBytes("divide")
const bytesOf = (hex: string): Uint8Array => hexToBytes(hex) ?? new Uint8Array(0)

/**
 * Whether a platform whose source nobody here knows judges as K2 asks, by signatures on which implementations
 * disagree. To be asked before its Ed25519 is used at all: what replicas judge differently divides a family.
 */
export const judgesStrictly = async (verify: PublicPrimitives["ed25519Verify"]): Promise<boolean> => {
  for (const [publicKey, signature, counts] of dividing) {
    const judged = await verify(bytesOf(publicKey), message, bytesOf(signature))
    if (judged !== counts) return false
  }
  return true
}
