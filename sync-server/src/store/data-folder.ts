import { posix, win32 } from "node:path"

/** What the data folder depends on: `process.platform`, `process.env`, `os.homedir()`. */
export interface Platform {
  readonly platform: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeFolder: string
}

/**
 * Where this platform keeps the data of programs, never the folder that the program lies in.
 * Linux and others: XDG Base Directory Specification, `$XDG_DATA_HOME` (relative paths there are to be ignored)
 * or `~/.local/share`. macOS: `~/Library/Application Support`. Windows: `%LOCALAPPDATA%`, which does not roam.
 */
export const dataFolder = ({ platform, env, homeFolder }: Platform): string => {
  if (platform === "darwin") return posix.join(homeFolder, "Library", "Application Support", "Home")
  if (platform === "win32") {
    const local = env["LOCALAPPDATA"]
    return local !== undefined && win32.isAbsolute(local)
      ? win32.join(local, "Home")
      : win32.join(homeFolder, "AppData", "Local", "Home")
  }
  const dataHome = env["XDG_DATA_HOME"]
  return dataHome !== undefined && posix.isAbsolute(dataHome)
    ? posix.join(dataHome, "home")
    : posix.join(homeFolder, ".local", "share", "home")
}
