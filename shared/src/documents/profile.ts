import { type Result, ok } from "../base/index.js"
import { readRegisters } from "./read-items.js"
import { type CommandResult, check, containerOf } from "./command.js"
import { documentLimits } from "./document-limits.js"
import { type Issues, type Parsed, type SchemaError, parseRoot } from "./reading.js"
import { put } from "./scalar.js"

/** What a device is, as people call it: coarse, for its family to tell one from another. */
export const deviceKinds = [
  "iPhone",
  "iPad",
  "Mac",
  "androidPhone",
  "androidTablet",
  "chromebook",
  "windows",
  "linux",
  "phone",
  "tablet",
  "computer",
] as const
export type DeviceKind = (typeof deviceKinds)[number]

/** One member, as the family sees them; the document's name is the member id. */
export interface Profile extends Parsed {
  readonly displayName: string
  readonly colour: string
  /** Names a blob; "" for none. */
  readonly picture: string
  /** Of a box: where it listens in the local network, ws:// or wss://, the likeliest first. */
  readonly addresses: readonly string[]
  /** What the member calls each device, by device id; one that nobody named is not in it. */
  readonly devices: ReadonlyMap<string, string>
  /** By device id; of one that has not said what it is nothing is in it. */
  readonly deviceKinds: ReadonlyMap<string, DeviceKind>
}

/** Printable ASCII, so that characters are bytes. Whoever dials must still prove who answers. */
export const isBoxAddress = (text: string): boolean =>
  text.length <= documentLimits.addressBytes && /^wss?:\/\/[\x21-\x7e]+$/.test(text)

const addressKeys = Array.from({ length: documentLimits.addresses }, (_, index) => `address/${index}`)

const readAddresses = (profile: ReadonlyMap<string, string>, found: Issues): readonly string[] =>
  addressKeys.flatMap(key => {
    const address = profile.get(key)
    if (address === undefined) return []
    if (isBoxAddress(address)) return [address]
    found.add(`profile/${key}`, "ws:// or wss://")
    return []
  })

const devicePrefix = "device/"

const isDeviceName = (text: string): boolean => text.trim() !== "" && text.length <= documentLimits.name

const readDevices = (profile: ReadonlyMap<string, string>, found: Issues): ReadonlyMap<string, string> => {
  const nameById = new Map<string, string>()
  for (const [key, name] of profile) {
    if (!key.startsWith(devicePrefix)) continue
    if (isDeviceName(name)) nameById.set(key.slice(devicePrefix.length), name)
    else found.add(`profile/${key}`, "a name")
  }
  return nameById
}

const kindPrefix = "kind/"

/** One that only a later version knows is none. */
const readKinds = (profile: ReadonlyMap<string, string>): ReadonlyMap<string, DeviceKind> =>
  new Map(
    [...profile].flatMap(([key, text]) => {
      const kind = deviceKinds.find(each => each === text)
      return key.startsWith(kindPrefix) && kind !== undefined
        ? [[key.slice(kindPrefix.length), kind] as const]
        : []
    }),
  )

/**
 * Shape: `profile`: the registers `displayName`, `colour`, `picture`, `address/0` to `address/7`, and `device/ID` and
 * `kind/ID` a device: flat, since a list or a map of them would be a container that two devices make at once.
 */
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
    addresses: readAddresses(profile, found),
    devices: readDevices(profile, found),
    deviceKinds: readKinds(profile),
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

/** What a device is called from now on, and what it is, where that is known. */
export const nameDevice = (
  draft: unknown,
  input: { readonly device: string; readonly name: string; readonly kind?: DeviceKind | undefined },
): CommandResult => {
  const profile = containerOf(draft, "profile", "profile")
  if (!profile.ok) return profile
  const valid = check([
    [/^[0-9a-f]{1,64}$/.test(input.device), "device", "a device's id"],
    [isDeviceName(input.name), "name", "a name"],
  ])
  if (!valid.ok) return valid
  put(profile.value, `${devicePrefix}${input.device}`, input.name)
  if (input.kind !== undefined) put(profile.value, `${kindPrefix}${input.device}`, input.kind)
  return valid
}

/** Replaces where a box listens. */
export const setAddresses = (draft: unknown, addresses: readonly string[]): CommandResult => {
  const profile = containerOf(draft, "profile", "profile")
  if (!profile.ok) return profile
  const valid = check([
    [addresses.length <= documentLimits.addresses, "addresses", "fewer addresses"],
    [addresses.every(isBoxAddress), "addresses", "ws:// or wss://"],
  ])
  if (valid.ok) for (const [index, key] of addressKeys.entries()) put(profile.value, key, addresses[index])
  return valid
}
