import type { GroupId, OperationId, Result } from "../base/index.js"
import type { Hash, Operation } from "./operation.js"
import type { Refusal } from "./refusal.js"
import type { GroupState } from "./state.js"

export type AddOutcome =
  | "Added"
  | "Duplicate"
  /** Park it and add it again when these have come. */
  | { readonly missing: readonly OperationId[] }
  /** Final. */
  | { readonly refused: Refusal }

/** The set of a group's operations: grows only, and every question about it has one answer per set. */
export interface GroupLog {
  readonly group: GroupId
  /**
   * Adds an operation whose signature the caller has verified with `signerOf`, and whose admission's proof
   * (`admissionOf`, `admissionMessage`) he has verified too.
   */
  add(operation: Operation): AddOutcome
  has(id: OperationId): boolean
  get(id: OperationId): Operation | undefined
  /** Parents first; among equals of depth by id: the same order on every device. */
  operations(): readonly Operation[]
  /** Ascending. */
  heads(): readonly OperationId[]
  state(): GroupState
  /**
   * The state of the causal past of `heads` (they included), without the operations that are void in `state()`:
   * what a bundle that names these heads is judged by. `undefined` when a head is unknown.
   */
  stateAt(heads: readonly OperationId[]): GroupState | undefined
  /**
   * The Ed25519 key that must have signed it: of the author's admission among its ancestors, of the genesis
   * itself, or the recovery key that is valid at its parents. `undefined`: ancestors are missing, or the author
   * was never admitted in them; `add` tells which.
   */
  signerOf(operation: Operation): Uint8Array | undefined
}

export declare const createGroupLog: (genesis: Operation, hash: Hash) => Result<GroupLog, Refusal>
