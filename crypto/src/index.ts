export {
  type Channel,
  type ChannelError,
  type ChannelOptions,
  type OpenedChannel,
  openChannel,
} from "./channel.js"
export { createChannelOpener } from "./channel-opener.js"
export { type PassphraseCost, ceilingCost, defaultCost, floorCost } from "./argon2.js"
export { createBlobSealer } from "./blob.js"
export { createSpokenCodes } from "./spoken-codes.js"
export type { BlobCipher } from "./blob-cipher.js"
export { signCertificate, verifyCertificate } from "./certificate.js"
export {
  type DeviceIdentity,
  admissionDomain,
  createDeviceIdentity,
  encodeIdentity,
  parseIdentity,
  signAdmission,
  verifyAdmission,
} from "./identity.js"
export { nobleAesGcm } from "./noble/aes-gcm.js"
export { noble } from "./noble/all.js"
export { xchachaOver } from "./noble/xchacha.js"
export type { Aead, Primitives } from "./primitives.js"
export {
  type ProfileContent,
  contentKey,
  contentPut,
  encodeContent,
  parseContent,
} from "./profile-content.js"
export {
  type PhraseError,
  type RecoveryIdentity,
  createRecoveryEntropy,
  parseRecoveryPhrase,
  recoveryIdentity,
  recoveryPhrase,
} from "./recovery.js"
export { journalKeyOf } from "./journal-key.js"
export { judgesStrictly } from "./ed25519-dividing.js"
export { createSealer } from "./sealer.js"
export { shortCode } from "./short-code.js"
export { type StorageError, type StorageSeal, createStorageSeal } from "./storage-seal.js"
export { type Unlock, type VaultDeps, type VaultError, createVault, openVault, rewrapVault } from "./vault.js"
export { type HandshakeOptions, NoiseHandshake } from "./noise/handshake.js"
export { type Pattern, patternIk, patternXxPsk3 } from "./noise/pattern.js"
export { type NoiseError, NoiseTransport, maxMessageBytes, maxPlaintextBytes } from "./noise/transport.js"
