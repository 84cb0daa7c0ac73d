/** `ws://host:port` and a path of ours. */
export const atPath = (address: string, path: string): string => address.replace(/\/+$/, "") + path
