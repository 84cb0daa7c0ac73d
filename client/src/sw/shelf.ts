/** One file of the app: path from the root, and its hash as `integrity` wants it. */
interface Entry {
  readonly path: string
  readonly integrity: string
}

interface ShelfOptions {
  readonly version: string
  readonly entries: readonly Entry[]
  readonly caches: CacheStorage
  readonly origin: string
  readonly fetch: (request: Request) => Promise<Response>
}

/** What the worker does: `fill` at install, `dropOthers` at activation, `pathFor` and `take` at each request. */
export interface Shelf {
  /** Rejects, and leaves no half shelf, when one file is missing or is not the one that was built. */
  fill(): Promise<void>
  dropOthers(): Promise<void>
  /** The path that answers a request; `undefined`: not ours, the network answers. */
  pathFor(request: Request): string | undefined
  take(path: string): Promise<Response>
}

const prefix = "home-"

/** What answers a path that is an address inside the app, not a file. */
const appPath = "/index.html"

/** Files with a hash in their name: there, what this version does not know may be an older one's. */
const assetsPath = "/assets/"

/** Pages that the server makes itself: its health, and how a device learns to trust its certificate. */
const isOfServer = /^\/(?:health$|trust(?:\/|$))/

/** The files of one version of the app in a cache of their own: whole or not there. */
export const createShelf = ({ version, entries, caches, origin, fetch }: ShelfOptions): Shelf => {
  const name = prefix + version
  const byPath = new Map(entries.map(entry => [entry.path, entry]))

  const request = ({ path, integrity }: Entry): Request =>
    // "no-cache" asks the server; an old copy in the browser's own cache would fail the hash.
    new Request(origin + path, { integrity, cache: "no-cache", credentials: "omit" })

  /** The browser checks `integrity`; an error page or a wrong file rejects. */
  const load = async (entry: Entry): Promise<Response> => {
    const response = await fetch(request(entry))
    if (!response.ok) throw new Error(`${entry.path}: ${response.status}`)
    return response
  }

  /** What an older version holds under the same name need not be loaded again, when it is the same by its hash. */
  const copyOf = async ({ path, integrity }: Entry): Promise<Response | undefined> => {
    const copy = await caches.match(origin + path)
    if (copy === undefined) return undefined
    const digest = await crypto.subtle.digest("SHA-256", await copy.clone().arrayBuffer())
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)))
    return integrity === `sha256-${hash}` ? copy : undefined
  }

  return {
    fill: async () => {
      const cache = await caches.open(name)
      try {
        await Promise.all(
          entries.map(async entry => {
            const url = origin + entry.path
            if ((await cache.match(url)) !== undefined) return
            await cache.put(url, (await copyOf(entry)) ?? (await load(entry)))
          }),
        )
      } catch (error) {
        await caches.delete(name)
        throw error
      }
    },

    dropOthers: async () => {
      const names = await caches.keys()
      await Promise.all(
        names.filter(other => other.startsWith(prefix) && other !== name).map(other => caches.delete(other)),
      )
    },

    pathFor: request => {
      const url = new URL(request.url)
      if (request.method !== "GET" || url.origin !== origin) return undefined
      if (byPath.has(url.pathname) || url.pathname.startsWith(assetsPath)) return url.pathname
      // What looks like a file is one that this version does not have; some pages are the server's own.
      const isPage =
        request.mode === "navigate" && !/\.\w+$/.test(url.pathname) && !isOfServer.test(url.pathname)
      return isPage ? appPath : undefined
    },

    take: async path => {
      const url = origin + path
      const kept = await (await caches.open(name)).match(url)
      if (kept !== undefined) return kept
      const entry = byPath.get(path)
      // A tab that began with an older version asks for a file of it.
      if (entry === undefined) return (await caches.match(url)) ?? fetch(new Request(url))
      // The browser has dropped the cache: the network may still have the same file; its hash decides.
      return load(entry)
    },
  }
}
