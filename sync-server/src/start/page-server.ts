import { existsSync, readFileSync, readdirSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { extname, join } from "node:path"

/** Answers a GET for a page; everything else with 404 or 405. */
export type PageServer = (request: IncomingMessage, response: ServerResponse) => void

const typeByExtension: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
}

/** Nothing from elsewhere, nothing inline, no frame around it; a script only from a file of our own. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // The one policy of the app (client/src/platform/trusted-types.ts); no second one of that name, none of another.
  "trusted-types home",
].join("; ")

/** For every page, whatever it may load. */
export const closedHeaders = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
}

const headers = {
  ...closedHeaders,
  "content-security-policy": contentSecurityPolicy,
  // The camera reads the code by which a device joins; the page asks the person each time it needs it.
  "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}

interface PageFile {
  readonly type: string
  readonly content: Buffer
}

/** All files of the folder by path, read once: what is not among them cannot be asked for, however it is spelled. */
const readFiles = (folder: string): ReadonlyMap<string, PageFile> => {
  const files = new Map<string, PageFile>()
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const below = `${path}/${entry.name}`
      if (entry.isDirectory()) walk(below)
      const type = typeByExtension[extname(entry.name)]
      if (entry.isFile() && type !== undefined)
        files.set(below, { type, content: readFileSync(join(folder, below)) })
    }
  }
  if (existsSync(folder)) walk("")
  return files
}

/**
 * An address inside the app, such as `/money/2026-11`, that a browser opens as a page: the app itself finds out what
 * it means. What looks like a file, or is asked for by a script, is there or is not.
 */
const isAppAddress = ({ url = "", headers: { accept = "" } }: IncomingMessage): boolean =>
  accept.includes("text/html") && /^(?:\/[\w~-]+)+\/?(?:\?.*)?$/.test(url)

/** Serves the files of a folder as they are now. A folder that is not there serves nothing. */
export const createPageServer = (folder: string): PageServer => {
  const files = readFiles(folder)
  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return void response.writeHead(405, { ...headers, allow: "GET, HEAD" }).end()
    }
    const asked = (request.url ?? "").replace(/\?.*$/, "")
    const path = asked === "/" ? "/index.html" : asked
    const file = files.get(path) ?? (isAppAddress(request) ? files.get("/index.html") : undefined)
    if (file === undefined)
      return void response.writeHead(404, { ...headers, "content-type": "text/plain" }).end("not found\n")
    response.writeHead(200, {
      ...headers,
      "content-type": file.type,
      "content-length": file.content.length,
      // Names under assets/ hold a hash of the content.
      "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    })
    response.end(request.method === "HEAD" ? undefined : file.content)
  }
}
