/** A map that begins as another one, and becomes a copy of its own only when it is first written. */
export class WrittenMap<K, V> {
  #map: ReadonlyMap<K, V>
  #own: Map<K, V> | undefined

  constructor(begun: ReadonlyMap<K, V>) {
    this.#map = begun
  }

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  has(key: K): boolean {
    return this.#map.has(key)
  }

  /** Whoever is going through `values` meanwhile sees those that were there when he began. */
  values(): Iterable<V> {
    return this.#map.values()
  }

  set(key: K, value: V): void {
    this.#own ??= new Map(this.#map)
    this.#map = this.#own
    this.#own.set(key, value)
  }

  /** As it is now; not to be written any more. */
  map(): ReadonlyMap<K, V> {
    return this.#map
  }
}
