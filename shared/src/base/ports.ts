/** Milliseconds since 1970. For what people see and for local limits; never for order between devices. */
export interface Clock {
  now(): number
  /** Runs once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void
}

export interface Random {
  bytes(length: number): Uint8Array
}

/** One line of a log: what happened, with types, counts and ids; never keys, names or content. */
export interface Log {
  event(name: string, fields?: Readonly<Record<string, string | number | boolean>>): void
}

/** A path such as `["document", id, "snapshot"]`. */
export type Key = readonly string[]

export type StoreChange =
  | { readonly type: "Put"; readonly key: Key; readonly value: Uint8Array }
  | { readonly type: "Remove"; readonly key: Key }
  | { readonly type: "RemovePrefix"; readonly prefix: Key }

/**
 * A device's own key-value store. `write` is atomic and durable once it resolves: after a crash all of its
 * changes are there or none. `list` gives keys that start with the whole components of `prefix`, in no order.
 */
export interface Store {
  get(key: Key): Promise<Uint8Array | undefined>
  list(prefix: Key): Promise<readonly { readonly key: Key; readonly value: Uint8Array }[]>
  write(changes: readonly StoreChange[]): Promise<void>
  close(): Promise<void>
}

/** A message connection that keeps order and borders, or closes. `send` after closing does nothing. */
export interface Socket {
  send(bytes: Uint8Array): void
  close(): void
  /** Bytes handed to `send` that the network has not taken yet. */
  bufferedBytes(): number
  /**
   * Asks the network to bring nothing more for now; what is under way may still come. Left out where the platform
   * cannot (a browser's WebSocket).
   */
  hold?(isHeld: boolean): void
  onMessage(receive: (bytes: Uint8Array) => void): void
  onClose(closed: () => void): void
}

export interface Dialer {
  /** Rejects when nobody answers at the address. */
  connect(url: string): Promise<Socket>
}
