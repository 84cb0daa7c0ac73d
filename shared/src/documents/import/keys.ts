/**
 * Gives each equal key its occurrence index, so that rows without an id of their own have one: the same file read
 * twice gives the same ids, and of two equal rows none is lost. The first is the key itself, then `key#1`, `key#2`;
 * a key that itself ends like that always gets an index, so that different keys never meet.
 */
export const createKeys = (): ((key: string) => string) => {
  const countByKey = new Map<string, number>()
  return key => {
    const count = countByKey.get(key) ?? 0
    countByKey.set(key, count + 1)
    return count === 0 && !/#\d+$/.test(key) ? key : `${key}#${count}`
  }
}

/** A long text as part of a key: its beginning and its length. */
export const shortKey = (text: string): string =>
  text.length <= 120 ? text : `${text.slice(0, 120)}~${text.length}`
