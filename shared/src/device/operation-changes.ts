import { type StoreChange, bytesToHex } from "../base/index.js"
import type { Sealer } from "../wire/index.js"

/** How the operations of a log that was handed over are kept (`Admitted.operations`). */
export const operationChanges = (
  sealer: Pick<Sealer, "hash">,
  operations: readonly Uint8Array[],
): readonly StoreChange[] =>
  operations.map(bytes => ({
    type: "Put",
    key: ["operation", bytesToHex(sealer.hash("operation", bytes))],
    value: bytes,
  }))
