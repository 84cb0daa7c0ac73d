import type { RecoveryIdentity } from "@home/crypto"
import type { Sealer } from "@home/shared/wire"

/**
 * The room at which the family leaves what the recovery phrase needs, as the phrase alone finds it: 32 bytes. Every
 * member knows it and posts there; it tells nothing of the key that it comes from.
 */
export const recoveryRoomOf = (sealer: Pick<Sealer, "hash">, recovery: RecoveryIdentity): Uint8Array =>
  sealer.hash("recovery room", recovery.secrets.wrap)
