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

/** Tabs that began with an older version still ask for its files: they go when there is one tab at most. */
const tidy = async (): Promise<void> => {
  const isNewerComing = self.registration.installing !== null || self.registration.waiting !== null
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true })
  if (!isNewerComing && tabs.length <= 1) await shelf.dropOthers()
}

self.addEventListener("activate", event => event.waitUntil(self.clients.claim().then(tidy)))

self.addEventListener("fetch", event => {
  const path = shelf.pathFor(event.request)
  if (path !== undefined) event.respondWith(shelf.take(path))
})

self.addEventListener("message", event => {
  // The person chose to update: the page asks, never the worker by itself.
  if (event.data === "take-over") void self.skipWaiting()
  if (event.data === "tidy") event.waitUntil(tidy())
})
