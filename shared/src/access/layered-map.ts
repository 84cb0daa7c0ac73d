/**
 * A map that is never changed: `with` gives another one that shares nearly everything with it. What is added lies in
 * small layers that are merged like the digits of a counter, so n additions cost n log n, whoever keeps the versions
 * in between. Order as in a Map: a key stays where it was first put.
 */
export class LayeredMap<K, V extends object> implements ReadonlyMap<K, V> {
  /** Oldest first; each is larger than all behind it taken together, and none is empty. */
  readonly #layers: readonly ReadonlyMap<K, V>[]
  readonly size: number

  private constructor(layers: readonly ReadonlyMap<K, V>[], size: number) {
    this.#layers = layers
    this.size = size
  }

  static empty<K, V extends object>(): LayeredMap<K, V> {
    return new LayeredMap<K, V>([], 0)
  }

  /** Of keys that are given once each. */
  static of<K, V extends object>(entries: readonly (readonly [K, V])[]): LayeredMap<K, V> {
    return entries.length === 0
      ? LayeredMap.empty<K, V>()
      : new LayeredMap<K, V>([new Map(entries)], new Set(entries.map(([key]) => key)).size)
  }

  with(key: K, value: V): LayeredMap<K, V> {
    const layers = [...this.#layers]
    let added: ReadonlyMap<K, V> = new Map([[key, value]])
    for (let last = layers.at(-1); last !== undefined && last.size <= added.size; last = layers.at(-1)) {
      layers.pop()
      added = new Map([...last, ...added])
    }
    return new LayeredMap([...layers, added], this.size + (this.has(key) ? 0 : 1))
  }

  get(key: K): V | undefined {
    return this.#layers.findLast(layer => layer.has(key))?.get(key)
  }

  has(key: K): boolean {
    return this.#layers.some(layer => layer.has(key))
  }

  *keys(): MapIterator<K> {
    for (const [i, layer] of this.#layers.entries()) {
      const older = this.#layers.slice(0, i)
      for (const key of layer.keys()) if (!older.some(each => each.has(key))) yield key
    }
  }

  *entries(): MapIterator<[K, V]> {
    for (const key of this.keys()) {
      const value = this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this)
  }
}
