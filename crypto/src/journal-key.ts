import { domains } from "./domain.js"
import { deriveKey } from "./key.js"
import { noble } from "./noble/all.js"
import type { Primitives } from "./primitives.js"

/** 32 bytes that seal what a tab has not handed to the engine yet, and open nothing else. SPEC.md K70. */
export const journalKeyOf = (masterKey: Uint8Array, primitives: Primitives = noble): Uint8Array =>
  deriveKey(primitives, masterKey, domains.journal)
