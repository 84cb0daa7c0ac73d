import { createShelf } from "./shelf.js"

declare const self: ServiceWorkerGlobalScope
declare const PRECACHE: readonly { readonly path: string; readonly integrity: string }[]
declare const VERSION: string

const shelf = createShelf({
  version: VERSION,
  entries: PRECACHE,
  caches,
  origin: self.location.origin,
  fetch: request => fetch(request),
})

self.addEventListener("install", event => event.waitUntil(shelf.fill()))

self.addEventListener("activate", event =>
  event.waitUntil(shelf.dropOthers().then(() => self.clients.claim())),
)

self.addEventListener("fetch", event => {
  const path = shelf.pathFor(event.request)
  if (path !== undefined) event.respondWith(shelf.take(path))
})

// The person chose to update: the page asks, never the worker by itself.
self.addEventListener("message", event => {
  if (event.data === "take-over") void self.skipWaiting()
})
