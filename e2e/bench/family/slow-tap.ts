import { type Socket, connect, createServer } from "node:net"

/** A TCP proxy that counts bytes and, when told to, holds each piece back for half a round trip. */
export interface SlowTap {
  readonly port: number
  readonly bytes: () => number
  /** Milliseconds for both ways together. */
  setRoundTrip(ms: number): void
  close(): Promise<void>
}

export const openSlowTap = (targetPort: number): Promise<SlowTap> =>
  new Promise((resolve, reject) => {
    const sockets = new Set<Socket>()
    let bytes = 0
    let delayMs = 0
    const pipe = (from: Socket, to: Socket): void => {
      sockets.add(from)
      const later = (work: () => void): void => {
        if (delayMs === 0) work()
        else setTimeout(work, delayMs)
      }
      from.on("data", chunk => {
        bytes += chunk.length
        later(() => to.write(chunk))
      })
      from.on("error", () => to.destroy())
      from.on("close", () => {
        sockets.delete(from)
        later(() => to.destroy())
      })
      from.on("end", () => later(() => to.end()))
    }
    const server = createServer(client => {
      const target = connect(targetPort, "127.0.0.1")
      client.setNoDelay(true)
      target.setNoDelay(true)
      pipe(client, target)
      pipe(target, client)
    })
    server.on("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve({
        port: typeof address === "object" && address !== null ? address.port : 0,
        bytes: () => bytes,
        setRoundTrip: ms => {
          delayMs = ms / 2
        },
        close: () =>
          new Promise(done => {
            for (const socket of sockets) socket.destroy()
            server.close(() => done())
          }),
      })
    })
  })
