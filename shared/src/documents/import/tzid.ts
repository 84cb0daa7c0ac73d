import { isZone } from "../zones.js"

/** Names that Windows and Outlook write as TZID -> IANA (Unicode CLDR, windowsZones.xml, territory 001). */
const windowsZones: Readonly<Record<string, string>> = {
  "AUS Eastern Standard Time": "Australia/Sydney",
  "Alaskan Standard Time": "America/Anchorage",
  "Arab Standard Time": "Asia/Riyadh",
  "Arabian Standard Time": "Asia/Dubai",
  "Argentina Standard Time": "America/Buenos_Aires",
  "Atlantic Standard Time": "America/Halifax",
  "Bangladesh Standard Time": "Asia/Dhaka",
  "Canada Central Standard Time": "America/Regina",
  "Cen. Australia Standard Time": "Australia/Adelaide",
  "Central America Standard Time": "America/Guatemala",
  "Central Asia Standard Time": "Asia/Almaty",
  "Central Europe Standard Time": "Europe/Budapest",
  "Central European Standard Time": "Europe/Warsaw",
  "Central Standard Time": "America/Chicago",
  "Central Standard Time (Mexico)": "America/Mexico_City",
  "China Standard Time": "Asia/Shanghai",
  "E. Africa Standard Time": "Africa/Nairobi",
  "E. Australia Standard Time": "Australia/Brisbane",
  "E. Europe Standard Time": "Europe/Chisinau",
  "E. South America Standard Time": "America/Sao_Paulo",
  "Eastern Standard Time": "America/New_York",
  "Egypt Standard Time": "Africa/Cairo",
  "FLE Standard Time": "Europe/Kiev",
  "GMT Standard Time": "Europe/London",
  "GTB Standard Time": "Europe/Bucharest",
  "Greenwich Standard Time": "Atlantic/Reykjavik",
  "Hawaiian Standard Time": "Pacific/Honolulu",
  "India Standard Time": "Asia/Calcutta",
  "Iran Standard Time": "Asia/Tehran",
  "Israel Standard Time": "Asia/Jerusalem",
  "Korea Standard Time": "Asia/Seoul",
  "Morocco Standard Time": "Africa/Casablanca",
  "Mountain Standard Time": "America/Denver",
  "Myanmar Standard Time": "Asia/Rangoon",
  "Nepal Standard Time": "Asia/Katmandu",
  "New Zealand Standard Time": "Pacific/Auckland",
  "Newfoundland Standard Time": "America/St_Johns",
  "Pacific SA Standard Time": "America/Santiago",
  "Pacific Standard Time": "America/Los_Angeles",
  "Pakistan Standard Time": "Asia/Karachi",
  "Romance Standard Time": "Europe/Paris",
  "Russian Standard Time": "Europe/Moscow",
  "SA Pacific Standard Time": "America/Bogota",
  "SE Asia Standard Time": "Asia/Bangkok",
  "Singapore Standard Time": "Asia/Singapore",
  "South Africa Standard Time": "Africa/Johannesburg",
  "Taipei Standard Time": "Asia/Taipei",
  "Tasmania Standard Time": "Australia/Hobart",
  "Tokyo Standard Time": "Asia/Tokyo",
  "Turkey Standard Time": "Europe/Istanbul",
  "US Eastern Standard Time": "America/Indianapolis",
  "US Mountain Standard Time": "America/Phoenix",
  UTC: "UTC",
  "W. Australia Standard Time": "Australia/Perth",
  "W. Central Africa Standard Time": "Africa/Lagos",
  "W. Europe Standard Time": "Europe/Berlin",
  "West Asia Standard Time": "Asia/Tashkent",
}

/** The form first: engines also take offsets such as "+08:00" for names. */
const isIana = (name: string): boolean =>
  /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/.test(name) && isZone(name)

const utcNames = new Set(["UTC", "Z", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "GMT", "Etc/GMT", "Etc/GMT0", "Zulu"])

/**
 * A TZID -> IANA name or "UTC"; `undefined` when no name is meant, the time is then floating. Known besides IANA:
 * Windows names, prefixes before an IANA name ("/mozilla.org/20050126_1/Europe/Berlin") and "US-Eastern".
 */
export const ianaZone = (tzid: string): string | undefined => {
  const name = tzid.trim().replace(/^"|"$/g, "")
  if (utcNames.has(name)) return "UTC"
  if (Object.hasOwn(windowsZones, name)) return windowsZones[name]
  if (isIana(name)) return name
  const parts = name.split("/")
  for (const count of [3, 2]) {
    const tail = parts.slice(-count).join("/")
    if (parts.length > count && isIana(tail)) return tail
  }
  const slashed = name.replace(/^US-/, "US/")
  return slashed !== name && isIana(slashed) ? slashed : undefined
}
