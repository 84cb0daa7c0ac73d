import { describe, expect, it } from "vitest"
import { dataFolder } from "./data-folder.js"

describe("the data folder", () => {
  it("[S28] follows the platform, and ignores what is not absolute", () => {
    const linux = { platform: "linux", homeFolder: "/home/ada" }
    expect(dataFolder({ ...linux, env: {} })).toBe("/home/ada/.local/share/home")
    expect(dataFolder({ ...linux, env: { XDG_DATA_HOME: "/data" } })).toBe("/data/home")
    expect(dataFolder({ ...linux, env: { XDG_DATA_HOME: "data" } })).toBe("/home/ada/.local/share/home")
    expect(dataFolder({ ...linux, env: { XDG_DATA_HOME: "" } })).toBe("/home/ada/.local/share/home")
    expect(
      dataFolder({ platform: "darwin", homeFolder: "/Users/ada", env: { XDG_DATA_HOME: "/data" } }),
    ).toBe("/Users/ada/Library/Application Support/Home")
    const windows = { platform: "win32", homeFolder: "C:\\Users\\ada" }
    expect(dataFolder({ ...windows, env: { LOCALAPPDATA: "D:\\Local" } })).toBe("D:\\Local\\Home")
    expect(dataFolder({ ...windows, env: {} })).toBe("C:\\Users\\ada\\AppData\\Local\\Home")
  })
})
