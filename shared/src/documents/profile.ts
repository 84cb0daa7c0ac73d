import { type Result, ok } from "../base/index.js"
import { readRegisters } from "./read-items.js"
import { type CommandResult, check, containerOf } from "./command.js"
import { documentLimits } from "./document-limits.js"
import { type Parsed, type SchemaError, parseRoot } from "./reading.js"
import { put } from "./scalar.js"

/** One member, as the family sees them; the document's name is the member id. */
export interface Profile extends Parsed {
  readonly displayName: string
  readonly colour: string
  /** Names a blob; "" for none. */
  readonly picture: string
}

/** Shape: `profile: {displayName, colour, picture}`. */
export const parseProfile = (doc: unknown): Result<Profile, SchemaError> => {
  const root = parseRoot("profile", doc)
  if (!root.ok) return root
  const { fields, found, schema, readOnly, issues } = root.value
  const profile = readRegisters(fields, "profile", found)
  return ok({
    schema,
    readOnly,
    issues,
    displayName: profile.get("displayName") ?? "",
    colour: profile.get("colour") ?? "",
    picture: profile.get("picture") ?? "",
  })
}

export const editProfile = (
  draft: unknown,
  patch: { readonly displayName?: string; readonly colour?: string; readonly picture?: string },
): CommandResult => {
  const profile = containerOf(draft, "profile", "profile")
  if (!profile.ok) return profile
  const { displayName } = patch
  const valid = check([
    [
      displayName === undefined || (displayName.trim() !== "" && displayName.length <= documentLimits.name),
      "displayName",
      "a name",
    ],
    [(patch.colour ?? "").length <= documentLimits.name, "colour", "a colour's name"],
    [(patch.picture ?? "").length <= documentLimits.name, "picture", "a blob's name"],
  ])
  if (valid.ok) for (const [key, value] of Object.entries(patch)) put(profile.value, key, value)
  return valid
}
