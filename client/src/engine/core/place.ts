import type { CircleId, GroupId } from "@home/shared/base"
import type { Place } from "../port.js"
import type { Context } from "./context.js"
import type { Family } from "./family.js"

/** Ids of groups are twice as long as those of circles. */
const shareIdLength = 64

/** Whose replica a document lies in, and in which of its circles. `undefined`: that is not open. */
export const placeOf = (
  context: Pick<Context, "family" | "shares">,
  place: Place | undefined,
): { readonly family: Family; readonly circle: CircleId | undefined } | undefined => {
  const isShare = place?.length === shareIdLength
  const family = isShare ? context.shares()?.of(place as GroupId)?.family : context.family()
  return family && { family, circle: isShare ? undefined : (place as CircleId | undefined) }
}
