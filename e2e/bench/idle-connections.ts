import { execFileSync } from "node:child_process"
import type { Benchmark, Run } from "./benchmark.js"
import { type Child, type ChildProgram, startChild } from "./child.js"
import { connect, connectToRoom, createRoom } from "./relay-client.js"

/** Connections that are opened at once. */
const atOnce = 100
/** What a process needs besides its connections: files, the database, pipes. */
const spareDescriptors = 200

/**
 * Opens as many more connections as it is told to and keeps them: devices of families, four of each in the family's
 * room, or (`isBare`) connections that say nothing.
 */
export const idleCrowd: ChildProgram = async parent => {
  const url = String(parent.options["url"])
  const isBare = parent.options["isBare"] === true
  const sockets: unknown[] = []
  let room = createRoom()
  const open = async (count: number): Promise<void> => {
    for (let opened = 0; opened < count; opened += atOnce) {
      const some = Array.from({ length: Math.min(atOnce, count - opened) }, (_, i) => {
        if (isBare) return connect(url)
        if (i % 4 === 0) room = createRoom()
        return connectToRoom(url, room)
      })
      sockets.push(...(await Promise.all(some)))
    }
  }
  parent.onMessage(({ count }) => {
    void open(Number(count)).then(() => parent.tell({ opened: sockets.length }))
  })
  parent.tell({ ready: true })
}

const bytesOf = async (server: Child): Promise<number> => Number((await server.ask({}))["rss"])

/** Descriptors that a process here may have: one for each connection, on either side. */
const descriptorLimit = (): number => {
  const limit = execFileSync("sh", ["-c", "ulimit -Hn"], { encoding: "utf8" }).trim()
  return limit === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(limit)
}

const measure = async (
  run: Run,
  server: Child,
  crowd: Child,
  perRound: number,
): Promise<readonly number[]> => {
  const kilobytes: number[] = []
  // The first round warms up: code, pools and tables that come once.
  await crowd.ask({ count: perRound })
  for (let round = 0; round < run.rounds; round++) {
    const before = await bytesOf(server)
    await crowd.ask({ count: perRound })
    kilobytes.push((await bytesOf(server)) - before)
  }
  return kilobytes.map(bytes => bytes / perRound / 1_000)
}

export const idleConnections: Benchmark = {
  id: "P6",
  what: "memory of an idle authenticated connection",
  sides: [
    "ours: the relay's process as `home relay` runs it (growth of its resident memory after garbage collection, by round, divided by the connections that came); each has proved its room's key and is caught up; four in a room, kernel's socket buffers not counted",
    "bare ws: the same number of connections that have proved nothing and are in no room",
  ],
  run: async run => {
    const limit = descriptorLimit()
    const wanted = run.isQuick ? 900 : 10_000
    const total = Math.min(wanted, limit - spareDescriptors)
    const perRound = Math.floor(total / (run.rounds + 1))
    run.note(
      `descriptors a process may have: ${limit}; connections at the end: ${perRound * (run.rounds + 1)}`,
    )
    const kilobytesAt = async (name: string): Promise<readonly number[]> => {
      const server = startChild(name, { folder: run.folder }, ["--expose-gc"])
      const url = String((await server.next())["url"])
      const crowd = startChild("idle-crowd", { url, isBare: name === "bare-ws" })
      await crowd.next()
      try {
        return await measure(run, server, crowd, perRound)
      } finally {
        await crowd.close()
        await server.close()
      }
    }
    const [ours, bare] = [await kilobytesAt("relay"), await kilobytesAt("bare-ws")]
    const what = `${perRound * (run.rounds + 1)} connections in the end, resident memory`
    return {
      type: "Measured",
      measurements: [
        { what, unit: "kB", ours, goal: { type: "ValueAtMost", bound: 10 } },
        {
          what: `${what}, beside connections of bare ws`,
          unit: "kB",
          ours,
          against: { name: "bare ws", samples: bare },
          goal: { type: "None" },
        },
      ],
    }
  },
}
