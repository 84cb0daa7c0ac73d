import { X509Certificate, createPrivateKey } from "node:crypto"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type TLSSocket, connect, createServer } from "node:tls"
import type { AddressInfo } from "node:net"
import { afterAll, describe, expect, it } from "vitest"
import { systemRandom } from "../profile/platform.js"
import { makeAuthority, makeLeaf } from "./certificate.js"
import { readGivenCertificate } from "./given-certificate.js"
import { type OwnCertificateOptions, openOwnCertificate } from "./own-certificate.js"

const root = mkdtempSync(join(tmpdir(), "home-tls-"))
afterAll(() => rmSync(root, { recursive: true }))
const dayMs = 86_400_000
const nowMs = Date.now()
const period = { fromMs: nowMs - dayMs, untilMs: nowMs + dayMs }

/** What a client that trusts `authority` says when it opens `name` at a server with `keys`. */
const handshake = async (
  keys: { readonly certificate: string; readonly key: string },
  authority: string,
  servername: string,
): Promise<string> => {
  const server = createServer({ cert: keys.certificate, key: keys.key })
  server.on("tlsClientError", () => {})
  await new Promise<void>(resolve => void server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const said = await new Promise<string>(resolve => {
    const socket: TLSSocket = connect({ port, host: "127.0.0.1", servername, ca: authority }, () => {
      resolve("trusted")
      socket.destroy()
    })
    socket.on("error", error => resolve(error.message))
  })
  await new Promise(resolve => server.close(resolve))
  return said
}

describe("the machine's own authority", () => {
  it("[H1] is taken for private names, and for no other", async () => {
    const authority = await makeAuthority("HOME test", period, systemRandom)
    for (const name of ["nas.local", "a.b.home.arpa", "home.test"]) {
      const leaf = await makeLeaf(authority, [name, "192.168.7.9"], period, systemRandom)
      expect(await handshake(leaf, authority.certificate, name)).toBe("trusted")
    }
    for (const host of ["bank.example.com", "local.example", "8.8.8.8", "2001:db8::1"]) {
      const leaf = await makeLeaf(authority, ["nas.local", host], period, systemRandom)
      expect(await handshake(leaf, authority.certificate, "nas.local"), host).toBe(
        "permitted subtree violation",
      )
    }
  })

  it("[H1] vouches for no other authority", async () => {
    const authority = await makeAuthority("HOME test", period, systemRandom)
    const { ca, keyUsage, subject } = new X509Certificate(authority.certificate)
    expect({ ca, keyUsage, subject }).toEqual({
      ca: true,
      keyUsage: ["1.3.6.1.5.5.7.3.1"],
      subject: "CN=HOME test",
    })
    const leaf = await makeLeaf(authority, ["nas.local"], period, systemRandom)
    expect(new X509Certificate(leaf.certificate).ca).toBe(false)
    const second = await makeLeaf({ ...leaf }, ["nas.local"], period, systemRandom)
    const chain = { certificate: second.certificate + leaf.certificate, key: second.key }
    expect(await handshake(chain, authority.certificate, "nas.local")).not.toBe("trusted")
  })
})

describe("the certificate in the data folder", () => {
  const at = (folder: string, change: Partial<OwnCertificateOptions> = {}) =>
    openOwnCertificate({
      folder: join(root, folder),
      hosts: ["nas.local", "192.168.7.9"],
      machine: "nas",
      nowMs,
      random: systemRandom,
      ...change,
    })
  const openAt = async (...args: Parameters<typeof at>) => {
    const opened = await at(...args)
    if (!opened.ok) throw new Error(opened.error.type)
    return opened.value
  }

  it("[H2] is kept while it serves, and made anew by the same authority when it does not", async () => {
    const first = await openAt("renewed")
    expect(await openAt("renewed")).toEqual(first)
    const changes: readonly Partial<OwnCertificateOptions>[] = [
      { hosts: ["nas.local", "192.168.7.10"] },
      { hosts: ["other.local"] },
      { nowMs: nowMs + 310 * dayMs },
    ]
    for (const change of changes) {
      const next = await openAt("renewed", change)
      expect(next.authority).toEqual(first.authority)
      expect(next.keys.key).not.toBe(first.keys.key)
      const leaf = new X509Certificate(next.keys.certificate)
      for (const host of change.hosts ?? []) expect(leaf.checkHost(host) ?? leaf.checkIP(host)).toBe(host)
      const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / dayMs
      // What Apple takes of an authority that a person added.
      expect(days).toBeLessThan(398)
    }
    expect(await handshake(first.keys, first.authority.pem, "nas.local")).toBe("trusted")
  })

  it("[H3] is readable by its user only", async () => {
    await openAt("private")
    const modeOf = (path: string): string => (statSync(join(root, "private", path)).mode & 0o777).toString(8)
    expect(modeOf(".")).toBe("700")
    for (const file of ["ca.crt", "ca.key", "server.crt", "server.key"]) expect(modeOf(file)).toBe("600")
  })

  it("[H3] is not made anew when the authority's key is gone or another one", async () => {
    const first = await openAt("damaged")
    const other = await makeAuthority("other", period, systemRandom)
    const folder = join(root, "damaged")
    writeFileSync(join(folder, "ca.key"), other.key)
    expect(await at("damaged")).toEqual({ ok: false, error: { type: "AuthorityDamaged", folder } })
    rmSync(join(folder, "ca.key"))
    expect(await at("damaged")).toEqual({ ok: false, error: { type: "AuthorityDamaged", folder } })
    expect(readFileSync(join(folder, "ca.crt"), "utf8")).toBe(first.authority.pem)
  })

  it("[H3] is made after a first start that broke off between key and certificate", async () => {
    const { key } = await makeAuthority("other", period, systemRandom)
    mkdirSync(join(root, "half"))
    writeFileSync(join(root, "half", "ca.key"), key)
    expect((await at("half")).ok).toBe(true)
  })
})

describe("a certificate that was given", () => {
  const put = (name: string, text: string): string => {
    const path = join(root, name)
    writeFileSync(path, text)
    return path
  }

  it("[H4] is taken when it is whole, or refused with the file and the reason", async () => {
    const authority = await makeAuthority("HOME test", period, systemRandom)
    const leaf = await makeLeaf(authority, ["192.168.7.9", "home.test", "nas.lan"], period, systemRandom)
    const certificate = put("good.crt", leaf.certificate + authority.certificate)
    const key = put("good.key", leaf.key)
    const read = (change: Partial<{ certificate: string; key: string }> = {}, at = nowMs) => {
      const result = readGivenCertificate({ certificate, key, ...change }, at)
      return result.ok ? result.value.name : result.error
    }
    expect(read()).toBe("home.test")
    const gone = join(root, "gone")
    expect(read({ certificate: gone })).toEqual({ type: "TlsFileUnreadable", path: gone, code: "ENOENT" })
    expect(read({ key: gone })).toEqual({ type: "TlsFileUnreadable", path: gone, code: "ENOENT" })
    expect(read({ certificate: key })).toEqual({ type: "NoCertificate", path: key })
    const torn = put("torn.crt", leaf.certificate.slice(0, 200))
    expect(read({ certificate: torn })).toEqual({ type: "NoCertificate", path: torn })
    expect(read({ key: certificate })).toEqual({ type: "NoPrivateKey", path: certificate, encrypted: false })
    const lock = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" } as const
    const sealed = put("sealed.key", createPrivateKey(leaf.key).export(lock).toString())
    expect(read({ key: sealed })).toEqual({ type: "NoPrivateKey", path: sealed, encrypted: true })
    const other = put("other.key", authority.key)
    expect(read({ key: other })).toEqual({ type: "KeyMismatch", path: certificate, keyPath: other })
    expect(read({}, nowMs + 2 * dayMs)).toMatchObject({ type: "CertificateExpired", path: certificate })
    expect(read({}, nowMs - 2 * dayMs)).toMatchObject({ type: "CertificateTooEarly", path: certificate })
  })
})
