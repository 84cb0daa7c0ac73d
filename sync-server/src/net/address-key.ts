import { isIPv4, isIPv6 } from "node:net"

/**
 * What counts as one address for limits: an IPv4 address, or the /64 that an IPv6 host has to itself
 * (RFC 6177: a site gets at least one). Anything else is one common key.
 */
export const addressKey = (address: string | undefined): string => {
  const plain = (address ?? "").replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "")
  if (isIPv4(plain)) return plain
  if (!isIPv6(plain)) return "unknown"
  const [head = "", tail] = plain.toLowerCase().split("::")
  const groupsOf = (text: string): readonly string[] => (text === "" ? [] : text.split(":"))
  const left = groupsOf(head)
  const right = tail === undefined ? [] : groupsOf(tail)
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...right]
  return `${groups.slice(0, 4).join(":")}::/64`
}

export const isLoopback = (address: string | undefined): boolean => {
  const plain = (address ?? "").replace(/^::ffff:(?=\d+\.)/i, "")
  return plain === "::1" || (isIPv4(plain) && plain.startsWith("127."))
}
