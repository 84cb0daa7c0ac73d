import { readFileSync } from "node:fs"
import { type Server, createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join, normalize } from "node:path"

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
}

/** As strict as the app's own: no eval, own origin only, sockets to relay and box, Trusted Types. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; " +
  "img-src 'self'; manifest-src 'self'; connect-src 'self' ws: wss:; require-trusted-types-for 'script'; trusted-types home"

export interface PageServer {
  readonly url: string
  /** Paths that were asked for. */
  readonly requests: readonly string[]
  /** From now on it gives out another folder: a new version was put on the server. */
  serve(folder: string): void
  close(): Promise<void>
}

/** Gives out a folder of files. `port`: 0 takes a free one; a fixed one keeps the origin over a restart. */
export const servePages = (first: string, port = 0): Promise<PageServer> =>
  new Promise(resolve => {
    let folder = first
    const requests: string[] = []
    const server: Server = createServer((request, response) => {
      const path = normalize(new URL(request.url ?? "/", "http://host").pathname)
      requests.push(path)
      // A browser asks by itself, and a page without an icon has nothing to complain about.
      if (path === "/favicon.ico") return void response.writeHead(204).end()
      try {
        const file = path === "/" ? "/index.html" : path
        const content = readFileSync(join(folder, file))
        response.writeHead(200, {
          "content-type": types[extname(file)] ?? "application/octet-stream",
          "content-security-policy": policy,
        })
        response.end(content)
      } catch {
        response.writeHead(404).end()
      }
    })
    server.listen(port, "127.0.0.1", () => {
      const { port: taken } = server.address() as AddressInfo
      resolve({
        url: `http://127.0.0.1:${taken}/`,
        requests,
        serve: next => {
          folder = next
        },
        close: () =>
          new Promise(closed => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      })
    })
  })
