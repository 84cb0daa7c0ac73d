import type { CircleId } from "../base/index.js"
import type { OperationType } from "./operation.js"

/** Why an operation is not valid after its own ancestors. Final: it depends on nothing else. Drop it, count it by type. */
export type Refusal =
  | { readonly type: "OtherGroup" }
  /** A second genesis, or one that is no family's. */
  | { readonly type: "GenesisInvalid" }
  /** Carried by the schema, not folded by this version. */
  | { readonly type: "NotYet"; readonly operation: OperationType }
  /** Never admitted, removed, or the box. */
  | { readonly type: "AuthorNotLive" }
  | { readonly type: "SeqWrong"; readonly expected: number }
  | { readonly type: "RoleTooLow" }
  /** Authority goes strictly downwards. */
  | { readonly type: "RankTooLow" }
  /** No such member, device, circle or document, or not any more. */
  | { readonly type: "TargetUnknown" }
  | { readonly type: "TargetExists" }
  /** The author does not read that circle. */
  | { readonly type: "CircleNotRead"; readonly circle: CircleId }
  /** A rekey is missing, superfluous, or not wrapped to exactly those who must hold it. */
  | { readonly type: "RekeyWrong"; readonly circle: CircleId | undefined }
  /** The circle neither reaches a dead device nor has several heads, and the author is no admin. */
  | { readonly type: "RekeyUnneeded" }
  | { readonly type: "WrapWrong" }
  /** To another circle than this one says, by somebody else or earlier. */
  | { readonly type: "MovedAlready" }
  /** No more devices or circles: see `groupLimits`. */
  | { readonly type: "TooMany" }
  /** It would change nothing, or contradicts itself. */
  | { readonly type: "Pointless" }
