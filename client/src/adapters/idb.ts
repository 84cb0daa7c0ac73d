/** A request as a promise. Awaited inside its transaction it keeps the transaction alive. */
export const requested = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error("a request failed"))
  })

const finished = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (): void => reject(transaction.error ?? new Error("a transaction was aborted"))
    transaction.oncomplete = () => resolve()
    transaction.onabort = fail
    transaction.onerror = fail
  })

/** The disk (or what the browser grants of it) is full: nothing of the write was kept. */
export const isFull = (error: unknown): boolean =>
  error instanceof Error && (error.name === "QuotaExceededError" || error.name === "UnknownError")

/**
 * Everything that `job` asks for in one transaction, begun before this returns: transactions over the same stores
 * take effect in the order of the calls. Strict: it is on disk, not only handed to the system, once it resolves
 * (https://w3c.github.io/IndexedDB/#transaction-durability-hint). A rejection leaves nothing.
 */
export const writing = async <T>(
  database: IDBDatabase,
  stores: readonly string[],
  job: (transaction: IDBTransaction) => Promise<T>,
): Promise<T> => {
  const transaction = database.transaction(stores, "readwrite", { durability: "strict" })
  const end = finished(transaction)
  end.catch(() => {})
  try {
    const result = await job(transaction)
    await end
    return result
  } catch (error) {
    abort(transaction)
    throw error
  }
}

const abort = (transaction: IDBTransaction): void => {
  try {
    transaction.abort()
  } catch {
    // It has ended already.
  }
}

export const reading = async <T>(
  database: IDBDatabase,
  stores: readonly string[],
  job: (transaction: IDBTransaction) => Promise<T>,
): Promise<T> => job(database.transaction(stores, "readonly"))

/** Goes through a cursor until `take` says false. */
export const eachOf = <C extends IDBCursor>(
  request: IDBRequest<C | null>,
  take: (cursor: C) => boolean,
): Promise<void> =>
  new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error ?? new Error("a cursor failed"))
    request.onsuccess = () => {
      const cursor = request.result
      if (cursor === null || !take(cursor)) resolve()
      else cursor.continue()
    }
  })

/** The first row of a range, or the last one. */
export const firstOf = async <T>(
  source: IDBObjectStore | IDBIndex,
  range: IDBKeyRange,
  direction: IDBCursorDirection = "next",
): Promise<T | undefined> => {
  const cursor = await requested(source.openCursor(range, direction))
  return cursor === null ? undefined : (cursor.value as T)
}
