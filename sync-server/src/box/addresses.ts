import { isIPv4, isIPv6 } from "node:net"

/** What `os.networkInterfaces()` gives, as far as it is looked at. */
export type Interfaces = Readonly<
  Record<string, readonly { readonly address: string; readonly internal: boolean }[] | undefined>
>

/** As many as a code carries. */
export const maxCodeAddresses = 8

const isPrivate = (address: string): boolean => /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address)

/**
 * The ws:// or wss:// addresses under which devices in the local network reach what listens at `host` and `port`: for the
 * wildcard all of the machine's IPv4 addresses, private ones first, and the loopback for devices on it; else `host`.
 * IPv6 is left out: its link-local addresses need a zone that differs per device.
 */
export const lanAddresses = (
  host: string,
  port: number,
  interfaces: Interfaces,
  scheme: "ws" | "wss" = "ws",
): readonly [string, ...string[]] => {
  const addressOf = (address: string): string =>
    `${scheme}://${isIPv6(address) ? `[${address}]` : address}:${port}`
  if (host !== "0.0.0.0" && host !== "::") return [addressOf(host)]
  const outward = Object.values(interfaces)
    .flatMap(entries => entries ?? [])
    .filter(entry => !entry.internal && isIPv4(entry.address))
    .map(entry => entry.address)
  const sorted = [...outward.filter(isPrivate), ...outward.filter(address => !isPrivate(address))]
  const [first = "127.0.0.1", ...rest] = [...sorted.slice(0, maxCodeAddresses - 1), "127.0.0.1"]
  return [addressOf(first), ...rest.map(addressOf)]
}
