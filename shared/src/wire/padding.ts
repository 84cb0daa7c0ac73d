/**
 * The length that `lengthBytes` is padded to: its lowest bits are rounded up so that at most
 * O(log log length) bits of the length show, for at most 12 % more bytes (1.4 % at the sizes here).
 * Padmé: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
 * PETS 2019, algorithm 1.
 */
export const paddedLength = (lengthBytes: number): number => {
  if (lengthBytes < 2) return lengthBytes
  const exponent = Math.floor(Math.log2(lengthBytes))
  const exponentBits = Math.floor(Math.log2(exponent || 1)) + 1
  const unit = 2 ** Math.max(exponent - exponentBits, 0)
  return Math.ceil(lengthBytes / unit) * unit
}
