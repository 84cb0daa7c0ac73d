import { domains, framedParts } from "./domain.js"
import { noble } from "./noble/all.js"
import type { PublicPrimitives } from "./primitives.js"

/**
 * The six digits that both screens show: the first 8 bytes of a hash over the Noise handshake hash, modulo
 * 1,000,000 (bias below 2^-44). Twenty bits stop an attacker only while he cannot try many handshakes against
 * one screen, that is while the psk is secret or the invitation burns at its first use: see SPEC.md K66.
 * `contributions`: nonces that both sides committed to and revealed after the handshake, initiator's first;
 * with them no side can search for a handshake that shows the digits it wants.
 */
export const shortCode = (
  handshakeHash: Uint8Array,
  contributions: readonly Uint8Array[] = [],
  primitives: Pick<PublicPrimitives, "sha256"> = noble,
): string => {
  const digest = primitives.sha256(framedParts(domains.shortCode, [handshakeHash, ...contributions]))
  let value = 0n
  for (const byte of digest.subarray(0, 8)) value = value * 256n + BigInt(byte)
  return (value % 1_000_000n).toString().padStart(6, "0")
}
