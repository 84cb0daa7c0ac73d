import { type Socket, connect, createServer } from "node:net"

/** A way to a server on this machine that counts who comes by it. */
export const countedWay = async (
  url: string,
): Promise<{ readonly url: string; readonly count: () => number; close(): Promise<void> }> => {
  const { hostname, port } = new URL(url)
  const open = new Set<Socket>()
  let count = 0
  const server = createServer(near => {
    count += 1
    const far = connect({ host: hostname, port: Number(port) })
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on("error", () => socket.destroy())
      socket.on("close", () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return {
    url: `ws://127.0.0.1:${address.port}`,
    count: () => count,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
