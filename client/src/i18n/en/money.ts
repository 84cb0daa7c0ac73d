export const money = {
  "money.empty": "Nothing has been entered yet",
} as const
