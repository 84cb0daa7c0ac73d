import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { createShelf } from "./shelf.js"

const origin = "https://home.example"
const integrityOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`

/** `CacheStorage` as far as a shelf uses it, in memory. */
const createCaches = (): {
  readonly caches: CacheStorage
  readonly names: () => string[]
  size(name: string): number
} => {
  const shelves = new Map<string, Map<string, Response>>()
  const cacheOf = (name: string) => {
    const shelf = shelves.get(name) ?? new Map<string, Response>()
    shelves.set(name, shelf)
    return {
      match: async (url: string) => shelf.get(url)?.clone(),
      put: async (url: string, response: Response) => void shelf.set(url, response),
    }
  }
  const caches = {
    open: async (name: string) => cacheOf(name),
    delete: async (name: string) => shelves.delete(name),
    keys: async () => [...shelves.keys()],
    match: async (url: string) => {
      for (const shelf of shelves.values()) if (shelf.has(url)) return shelf.get(url)?.clone()
      return undefined
    },
  }
  return {
    caches: caches as unknown as CacheStorage,
    names: () => [...shelves.keys()],
    size: name => shelves.get(name)?.size ?? 0,
  }
}

/** A server that checks `integrity` as a browser does. */
const createServer = (files: Readonly<Record<string, string>>) => {
  const asked: string[] = []
  return {
    asked,
    fetch: async (request: Request): Promise<Response> => {
      const { pathname } = new URL(request.url)
      asked.push(pathname)
      const text = files[pathname]
      if (text === undefined) return new Response("", { status: 404 })
      if (integrityOf(text) !== request.integrity) throw new TypeError("integrity")
      return new Response(text)
    },
  }
}

const entriesOf = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]) => ({ path, integrity: integrityOf(text) }))

const first = { "/index.html": "<title>one</title>", "/assets/app-1.js": "one", "/assets/same.wasm": "wasm" }
const second = { "/index.html": "<title>two</title>", "/assets/app-2.js": "two", "/assets/same.wasm": "wasm" }

const shelfOf = (
  version: string,
  files: Readonly<Record<string, string>>,
  caches: CacheStorage,
  served = files,
) => {
  const server = createServer(served)
  const shelf = createShelf({ version, entries: entriesOf(files), caches, origin, fetch: server.fetch })
  return { shelf, server }
}

describe("the service worker's shelf", () => {
  it("[U1] holds every file of its version and answers from it alone", async () => {
    const { caches } = createCaches()
    const { shelf, server } = shelfOf("1", first, caches)
    await shelf.fill()
    server.asked.length = 0
    for (const [path, text] of Object.entries(first)) expect(await (await shelf.take(path)).text()).toBe(text)
    expect(server.asked).toEqual([])
  })

  it("[U2] takes nothing that is not the file that was built, and leaves no half shelf", async () => {
    const { caches, names } = createCaches()
    const altered = shelfOf("1", first, caches, { ...first, "/assets/app-1.js": "evil" })
    await expect(altered.shelf.fill()).rejects.toThrow("integrity")
    const missing = shelfOf("1", first, caches, { "/index.html": first["/index.html"] })
    await expect(missing.shelf.fill()).rejects.toThrow("404")
    expect(names()).toEqual([])
  })

  it("[U2] trusts an older version's copy only by its hash", async () => {
    const { caches } = createCaches()
    const cache = await caches.open("home-0")
    await cache.put(`${origin}/assets/same.wasm`, new Response("tampered"))
    const { shelf } = shelfOf("1", first, caches)
    await shelf.fill()
    expect(await (await shelf.take("/assets/same.wasm")).text()).toBe("wasm")
  })

  it("[U3] keeps the old version until the new one is whole and has taken over", async () => {
    const { caches, names } = createCaches()
    await shelfOf("1", first, caches).shelf.fill()
    await expect(shelfOf("2", second, caches, first).shelf.fill()).rejects.toThrow()
    expect(names()).toEqual(["home-1"])
    const { shelf, server } = shelfOf("2", second, caches)
    await shelf.fill()
    // What is the same in both was not loaded again.
    expect(server.asked.sort()).toEqual(["/assets/app-2.js", "/index.html"])
    expect(names().sort()).toEqual(["home-1", "home-2"])
    await (await caches.open("foreign")).put("x", new Response("x"))
    await shelf.dropOthers()
    expect(names().sort()).toEqual(["foreign", "home-2"])
  })

  it("[U3] answers tabs of an older version from its files as long as they are there, then from the network", async () => {
    const { caches } = createCaches()
    await shelfOf("1", first, caches).shelf.fill()
    const { shelf, server } = shelfOf("2", second, caches)
    await shelf.fill()
    const old = { url: `${origin}/assets/app-1.js`, mode: "cors", method: "GET" } as Request
    expect(shelf.pathFor(old)).toBe("/assets/app-1.js")
    expect(await (await shelf.take("/assets/app-1.js")).text()).toBe("one")
    await shelf.dropOthers()
    server.asked.length = 0
    expect((await shelf.take("/assets/app-1.js")).status).toBe(404)
    expect(server.asked).toEqual(["/assets/app-1.js"])
  })

  it("[U4] answers addresses inside the app with the page, and leaves the rest to the network", () => {
    const { shelf } = shelfOf("1", first, createCaches().caches)
    const pathFor = (
      path: string,
      mode: "navigate" | "cors" = "navigate",
      method = "GET",
    ): string | undefined => shelf.pathFor({ url: new URL(path, origin).href, mode, method } as Request)
    expect(pathFor("/")).toBe("/index.html")
    expect(pathFor("/money/2026-11?search=tea")).toBe("/index.html")
    expect(pathFor("/assets/app-1.js", "cors")).toBe("/assets/app-1.js")
    expect(pathFor("/elsewhere/gone.js", "cors")).toBeUndefined()
    for (const path of ["/health", "/trust", "/trust/en"]) expect(pathFor(path), path).toBeUndefined()
    expect(pathFor("/trusted")).toBe("/index.html")
    expect(pathFor("/relay/health", "cors")).toBeUndefined()
    expect(pathFor("/money", "navigate", "POST")).toBeUndefined()
    expect(pathFor("https://elsewhere.example/")).toBeUndefined()
  })
})
