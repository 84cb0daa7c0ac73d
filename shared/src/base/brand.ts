declare const brand: unique symbol

/** A type that only its own parser makes: `Brand<string, "DeviceId">`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
