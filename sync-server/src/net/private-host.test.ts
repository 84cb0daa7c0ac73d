import { describe, expect, it } from "vitest"
import { isLoopback, isPrivateHost } from "./private-host.js"

describe("hosts that only a home has", () => {
  it("[H9] are told from those of the internet", () => {
    for (const host of [
      "nas.local",
      "NAS.Local",
      "nas.lan",
      "x.home.arpa",
      "localhost",
      "10.1.2.3",
      "172.31.0.1",
      "192.168.0.9",
      "100.64.0.1",
      "169.254.1.1",
      "127.0.0.1",
      "[::1]",
      "fd00::1",
      "[fe80::1]",
    ])
      expect(isPrivateHost(host), host).toBe(true)
    for (const host of [
      "example.com",
      "local.example",
      "notlocal",
      "nas.local.example.com",
      "8.8.8.8",
      "172.32.0.1",
      "100.128.0.1",
      "0.0.0.0",
      "::",
      "[2001:db8::1]",
      "10.example.com",
      "",
    ])
      expect(isPrivateHost(host), host).toBe(false)
  })

  it("[H6] are the machine itself or others", () => {
    for (const host of ["127.0.0.1", "127.1.2.3", "::1", "localhost"]) expect(isLoopback(host)).toBe(true)
    for (const host of ["0.0.0.0", "::", "192.168.0.9", "127.example.com", "localhost.example.com"])
      expect(isLoopback(host)).toBe(false)
  })
})
