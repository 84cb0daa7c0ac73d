import { ByteWriter } from "@home/shared/base"

// Every use of a hash, a signature or a key has a string of its own, so that no value made for one use can be
// shown as another. SPEC.md lists them; they go on the wire and never change.

/** Domains of hashes and keys that are made and read inside this package only. */
export const domains = {
  bundle: "home/1/bundle",
  epochTag: "home/1/epoch-tag",
  commitment: "home/1/epoch-commitment",
  combine: "home/1/epoch-combine",
  bundleKey: "home/1/bundle-key",
  wrap: "home/1/wrap",
  room: "home/1/room",
  roomSigning: "home/1/room-signing",
  roomOuter: "home/1/room-outer",
  pairwise: "home/1/pairwise",
  pairwiseNobody: "home/1/pairwise-nobody",
  shortCode: "home/1/short-code",
  shortCodeCommitment: "home/1/short-code-commitment",
  code: "home/1/code",
  codeProof: "home/1/code-proof",
  codePayload: "home/1/code-payload",
  vaultPassphrase: "home/1/vault-passphrase",
  vaultKeyFile: "home/1/vault-key-file",
  vaultMac: "home/1/vault-mac",
  storage: "home/1/storage",
  storageNames: "home/1/storage-names",
  journal: "home/1/journal",
  blob: "home/1/blob",
  recoverySigning: "home/1/recovery-signing",
  recoveryWrap: "home/1/recovery-wrap",
} as const

/** Callers name their own domains (`certificate`, `operation`); the prefix keeps them apart from those above. */
export const signDomain = (domain: string): string => `home/1/sign/${domain}`
export const hashDomain = (domain: string): string => `home/1/hash/${domain}`
export const underDomain = (domain: string): string => `home/1/under/${domain}`

/** `u16 length | domain | message`: what is signed. Only one message, so it needs no length. */
export const signedMessage = (domain: string, message: Uint8Array): Uint8Array =>
  new ByteWriter().text(domain).bytes(message).done()

/** `u16 length | domain | for each part: u32 length | bytes`: what is hashed, or the info of HKDF. */
export const framedParts = (domain: string, parts: readonly Uint8Array[]): Uint8Array => {
  const writer = new ByteWriter().text(domain)
  for (const part of parts) writer.block(part)
  return writer.done()
}

/** `Sealer.hash`: SHA-256 of the framed domain and parts. */
export const hashOf =
  (sha256: (bytes: Uint8Array) => Uint8Array) =>
  (domain: string, ...parts: readonly Uint8Array[]): Uint8Array =>
    sha256(framedParts(hashDomain(domain), parts))
