import { createServer, request as forward } from "node:http"
import { type AddressInfo, type Socket, connect } from "node:net"

/** A proxy that every connection of a browser goes through: pages, workers, service workers, sockets, and the browser itself. */
export interface Recorder {
  /** With these a browser has no other way out. */
  readonly flags: readonly string[]
  /** `host:port` of everybody who was asked for anything. Only this machine is reached. */
  readonly asked: ReadonlySet<string>
  close(): Promise<void>
}

const isHere = (host: string): boolean => host === "127.0.0.1"

export const startRecorder = (): Promise<Recorder> =>
  new Promise(resolve => {
    const asked = new Set<string>()
    const sockets = new Set<Socket>()
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "")
      asked.add(url.host)
      if (!isHere(url.hostname)) return void response.writeHead(403).end()
      const { method, headers } = request
      const onward = forward(url, { method: method ?? "GET", headers }, answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      onward.on("error", () => response.destroy())
      request.pipe(onward)
    })
    server.on("connection", socket => {
      sockets.add(socket)
      socket.on("close", () => sockets.delete(socket))
    })
    // Sockets of the web go through a tunnel.
    server.on("connect", (request, socket: Socket, head: Buffer) => {
      const target = request.url ?? ""
      asked.add(target)
      const [host = "", port = ""] = target.split(":")
      if (!isHere(host)) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n")
      const onward = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n")
        onward.write(head)
        onward.pipe(socket)
        socket.pipe(onward)
      })
      onward.on("error", () => socket.destroy())
      socket.on("error", () => onward.destroy())
    })
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      resolve({
        flags: [`--proxy-server=http://127.0.0.1:${port}`, "--proxy-bypass-list=<-loopback>"],
        asked,
        close: () =>
          new Promise(closed => {
            server.close(() => closed())
            for (const socket of sockets) socket.destroy()
          }),
      })
    })
  })
