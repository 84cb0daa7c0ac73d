import { type Socket, connect, createServer } from "node:net"

/** A TCP proxy that counts and keeps what goes by: what somebody on the wire sees. */
export interface Tap {
  readonly port: number
  readonly bytes: { toServer: number; toClient: number }
  captured(): readonly Buffer[]
  close(): Promise<void>
}

export const openTap = (targetPort: number): Promise<Tap> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const bytes = { toServer: 0, toClient: 0 }
    const sockets = new Set<Socket>()
    const server = createServer(client => {
      const target = connect(targetPort, "127.0.0.1")
      const pipe = (from: Socket, to: Socket, direction: "toServer" | "toClient"): void => {
        sockets.add(from)
        from.on("data", chunk => {
          chunks.push(chunk)
          bytes[direction] += chunk.length
          if (!to.write(chunk)) from.pause()
        })
        to.on("drain", () => from.resume())
        from.on("error", () => to.destroy())
        from.on("close", () => {
          sockets.delete(from)
          to.destroy()
        })
        from.on("end", () => to.end())
      }
      pipe(client, target, "toServer")
      pipe(target, client, "toClient")
    })
    server.on("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      resolve({
        port,
        bytes,
        captured: () => chunks,
        close: () =>
          new Promise(done => {
            for (const socket of sockets) socket.destroy()
            server.close(() => done())
          }),
      })
    })
  })
