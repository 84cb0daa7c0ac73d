import { BlockList, isIP, isIPv4 } from "node:net"

/**
 * Networks whose addresses nobody on the internet has: RFC 1918, loopback, link-local, shared (RFC 6598, Tailscale),
 * unique local IPv6 (RFC 4193).
 */
export const privateNetworks = [
  { address: "10.0.0.0", bits: 8 },
  { address: "172.16.0.0", bits: 12 },
  { address: "192.168.0.0", bits: 16 },
  { address: "127.0.0.0", bits: 8 },
  { address: "169.254.0.0", bits: 16 },
  { address: "100.64.0.0", bits: 10 },
  { address: "fc00::", bits: 7 },
  { address: "fe80::", bits: 10 },
  { address: "::1", bits: 128 },
] as const

/**
 * Ends of names that no registry gives out: mDNS (RFC 6762), home.arpa (RFC 8375), internal (reserved by ICANN),
 * localhost and test (RFC 6761), and what routers commonly hand out, which ICANN has put off for good (home, lan).
 */
export const privateDomains = ["local", "home.arpa", "internal", "localhost", "test", "home", "lan"] as const

const networks = new BlockList()
for (const { address, bits } of privateNetworks) {
  networks.addSubnet(address, bits, isIPv4(address) ? "ipv4" : "ipv6")
}

/** `host`: a name, an IPv4 address, or an IPv6 address with or without brackets. */
export const isPrivateHost = (host: string): boolean => {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, "$1")
  const family = isIP(bare)
  if (family !== 0) return networks.check(bare, family === 4 ? "ipv4" : "ipv6")
  return privateDomains.some(domain => bare === domain || bare.endsWith(`.${domain}`))
}

/** A browser takes a page from there for a secure context, without any certificate. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."))
