export const setup = {
  "setup.welcome": "Welcome to HOME",
  "setup.promise":
    "Money, notes, plans and talks of your family. They live on your own devices, work without a network, and nobody else can read them.",
} as const
