/** Below this lie the addresses of setting up. */
export const arrivalPath = "/start"
