import { createHash } from "node:crypto"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { type IncomingMessage, request as plainRequest } from "node:http"
import { request as secureRequest } from "node:https"
import { type Socket, connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect as connectTls } from "node:tls"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseCode } from "../box/testing/test-devices.js"
import { createWsDialer } from "../net/ws-socket.js"
import { silentLog, systemClock, systemRandom } from "../profile/platform.js"
import { makeAuthority, makeLeaf } from "../tls/certificate.js"
import { explainStart } from "./explain.js"
import { type HomeServers, type StartHomeOptions, startHome } from "./main.js"

const root = mkdtempSync(join(tmpdir(), "home-secure-"))
const pages = join(root, "pages")
mkdirSync(pages)
writeFileSync(join(pages, "index.html"), "<!doctype html><title>HOME</title>")
const running: HomeServers[] = []
afterAll(async () => {
  for (const home of running) await home.close()
  rmSync(root, { recursive: true })
})

const tryStart = (folder: string, change: Partial<StartHomeOptions> = {}) =>
  startHome({
    dataDir: join(root, folder),
    host: "127.0.0.1",
    port: 0,
    pageDir: pages,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    ...change,
  })
const start = async (...args: Parameters<typeof tryStart>): Promise<HomeServers> => {
  const started = await tryStart(...args)
  if (!started.ok) throw new Error(explainStart(started.error))
  running.push(started.value)
  return started.value
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage["headers"]
  readonly body: Buffer
}

/** `ca`: over TLS, trusting that; else plain. The name is not asked for anywhere: 127.0.0.1 answers. */
const get = (address: string, ca?: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, host, port, pathname, search } = new URL(address)
    const options = {
      host: "127.0.0.1",
      port,
      path: pathname + search,
      headers: { host, ...headers },
      agent: false,
    }
    const take = (response: IncomingMessage): void => {
      const parts: Buffer[] = []
      response.on("data", (part: Buffer) => parts.push(part))
      response.on("end", () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) })
      })
    }
    const sent =
      ca === undefined
        ? plainRequest(options, take)
        : secureRequest({ ...options, ca, servername: hostname }, take)
    sent.on("error", reject)
    sent.end()
  })

const dialer = createWsDialer(systemClock, { maxMessageBytes: 1024, handshakeMs: 5_000 })

describe("home start on the loopback", () => {
  it("[H6] speaks no TLS, and has no page about trust", async () => {
    const home = await start("loopback")
    expect([home.page, home.relay, home.trust]).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/relay$/),
      undefined,
    ])
    expect((await get(`${home.page}/trust`)).status).toBe(404)
  })
})

describe("home start under a name", () => {
  let home: HomeServers
  let ca = ""
  let http = ""
  beforeAll(async () => {
    home = await start("named", { name: "home.test" })
    http = home.page.replace("https:", "http:")
    ca = (await get(`${http}/trust/ca.pem`)).body.toString()
  })

  it("[H7] names itself first, with https and wss, in what it prints and in the claim code", () => {
    const { port } = new URL(home.page)
    expect(home).toMatchObject({
      page: `https://home.test:${port}`,
      relay: `wss://home.test:${port}/relay`,
      box: `wss://home.test:${port}`,
      trust: { page: `http://home.test:${port}/trust` },
    })
    expect(parseCode(home.claim).addresses).toEqual([`wss://home.test:${port}`, `wss://127.0.0.1:${port}`])
  })

  it("[H5] answers https and http on one port", async () => {
    for (const answer of [await get(home.page, ca), await get(http)]) {
      expect(answer.body.toString()).toContain("<title>HOME</title>")
    }
    const health = await get(`${home.page}/relay/health`, ca)
    expect(JSON.parse(health.body.toString())).toEqual({ status: "ok" })
  })

  it("[H5] is not disturbed by who says nothing, breaks off, or speaks neither", async () => {
    const { port } = new URL(home.page)
    const silent = connect(Number(port), "127.0.0.1")
    const broken = await new Promise<Socket>(resolve => {
      const socket = connect(Number(port), "127.0.0.1", () => resolve(socket))
    })
    broken.end(Buffer.from([0x16, 0x03, 0x01]))
    const neither = connect(Number(port), "127.0.0.1")
    const closed = new Promise(resolve =>
      neither
        .on("error", () => {})
        .on("close", resolve)
        .resume(),
    )
    neither.write(Buffer.from([0x00, 0xff, 0x0a, 0x0a]))
    await closed
    expect((await get(home.page, ca)).status).toBe(200)
    silent.destroy()
  })

  it("[H5] ends when told to, whatever is connected", async () => {
    const own = await tryStart("ending", { name: "home.test" })
    if (!own.ok) throw new Error(own.error.type)
    const port = Number(new URL(own.value.page).port)
    const silent = connect(port, "127.0.0.1")
    const secure = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false })
    await new Promise(resolve => secure.once("secureConnect", resolve))
    const ends = [silent, secure].map(
      socket =>
        new Promise(resolve =>
          socket
            .on("error", () => {})
            .on("close", resolve)
            .resume(),
        ),
    )
    await own.value.close()
    await Promise.all(ends)
  })

  it("[H9] is reached by devices without a screen at its private addresses", async () => {
    const { port } = new URL(home.page)
    const socket = await dialer.connect(`wss://127.0.0.1:${port}/link`)
    socket.close()
  })

  it("[H8] explains trust in both languages, without a script, over http and https", async () => {
    const english = await get(`${http}/trust`, undefined, { "accept-language": "de,en;q=0.8" })
    const chinese = await get(`${home.page}/trust`, ca, { "accept-language": "zh-CN,en;q=0.8" })
    const chosen = await get(`${http}/trust/zh-CN`, undefined, { "accept-language": "en" })
    expect(english.body.toString()).toContain('<html lang="en">')
    for (const { body } of [chinese, chosen]) expect(body.toString()).toContain('<html lang="zh-CN">')
    for (const { headers, body } of [english, chinese]) {
      const text = body.toString()
      expect(text).toContain(home.trust?.fingerprint)
      expect(text).toContain(`href="${home.page}/"`)
      expect(text.match(/<details>/g)).toHaveLength(6)
      expect(text).not.toMatch(/<script|<style|style=|\bon\w+=/)
      expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'self';/)
    }
    const hostile = await get(`${http}/trust`, undefined, { host: 'x"><script>' })
    expect(hostile.body.toString()).not.toContain("<script")
  })

  it("[H8] gives the authority out: the file's SHA-256 is what the terminal prints", async () => {
    const { body, headers } = await get(`${http}/trust/ca.crt`)
    const printed = home.trust?.fingerprint.replaceAll(":", "").toLowerCase()
    expect(createHash("sha256").update(body).digest("hex")).toBe(printed)
    expect(headers["content-type"]).toBe("application/x-x509-ca-cert")
    const profile = await get(`${http}/trust/home.mobileconfig`)
    expect(profile.headers["content-type"]).toBe("application/x-apple-aspen-config")
    expect(profile.body.toString()).toContain(`<data>${body.toString("base64")}</data>`)
    for (const path of ["ca.key", "server.key", "../ca.key", "%2e%2e/tls/ca.key", "nothing"]) {
      expect((await get(`${http}/trust/${path}`)).body.toString(), path).not.toContain("KEY")
    }
  })

  it("[H2] shows the same certificate after a restart", async () => {
    const first = await start("kept", { name: "home.test" })
    const authority = first.trust?.fingerprint
    await first.close()
    const second = await start("kept", { name: "other.test" })
    expect(second.trust?.fingerprint).toBe(authority)
  })
})

describe("home start with a certificate", () => {
  it("[H4] leads with the certificate's name, or says what is wrong with it", async () => {
    const period = { fromMs: Date.now() - 1_000, untilMs: Date.now() + 3_600_000 }
    const authority = await makeAuthority("HOME test", period, systemRandom)
    const leaf = await makeLeaf(authority, ["own.home.test"], period, systemRandom)
    const tls = { certificate: join(root, "own.crt"), key: join(root, "own.key") }
    writeFileSync(tls.certificate, leaf.certificate)
    writeFileSync(tls.key, leaf.key)
    const home = await start("given", { tls })
    expect(new URL(home.page).hostname).toBe("own.home.test")
    expect(home.trust).toBeUndefined()
    expect((await get(home.page, authority.certificate)).status).toBe(200)

    writeFileSync(tls.key, authority.key)
    const mismatched = await tryStart("given badly", { tls })
    expect(mismatched.ok ? "" : explainStart(mismatched.error)).toBe(
      `the key in ${tls.key} does not belong to the certificate in ${tls.certificate}`,
    )
  })

  it("[H4] [H1] asks for one when the name is none of a home's", async () => {
    const started = await tryStart("public", { name: "home.example.org" })
    expect(started.ok ? "" : explainStart(started.error)).toMatch(/home\.example\.org.*--tls-cert/)
  })
})
