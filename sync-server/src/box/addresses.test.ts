import { describe, expect, it } from "vitest"
import { lanAddresses, maxCodeAddresses } from "./addresses.js"

const entry = (address: string, internal = false): { address: string; internal: boolean } => ({
  address,
  internal,
})

describe("addresses", () => {
  it("[B27] of a wildcard are the machine's, private ones first, and the loopback", () => {
    const interfaces = {
      lo: [entry("127.0.0.1", true), entry("::1", true)],
      eth0: [entry("203.0.113.9"), entry("fe80::1")],
      wlan0: [entry("192.168.1.5")],
      none: undefined,
    }
    const expected = ["ws://192.168.1.5:8080", "ws://203.0.113.9:8080", "ws://127.0.0.1:8080"]
    expect(lanAddresses("0.0.0.0", 8080, interfaces)).toEqual(expected)
    expect(lanAddresses("::", 8080, interfaces)).toEqual(expected)
    expect(lanAddresses("0.0.0.0", 8080, {})).toEqual(["ws://127.0.0.1:8080"])
    expect(lanAddresses("192.168.1.5", 1, interfaces)).toEqual(["ws://192.168.1.5:1"])
    expect(lanAddresses("::1", 1, interfaces)).toEqual(["ws://[::1]:1"])
  })

  it("[B27] are at most eight", () => {
    const many = { bridges: Array.from({ length: 20 }, (_, i) => entry(`10.0.${i}.1`)) }
    const addresses = lanAddresses("0.0.0.0", 80, many)
    expect(addresses).toHaveLength(maxCodeAddresses)
    expect(addresses.at(-1)).toBe("ws://127.0.0.1:80")
  })
})
