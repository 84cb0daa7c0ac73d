/**
 * The accounts and categories that every family starts with. Ids are fixed, and double as the key of their name
 * in the app's dictionaries: the document holds no word of any language until somebody renames one.
 */
export const defaultAccounts = [
  { id: "cash", kind: "cash" },
  { id: "bank", kind: "bank" },
] as const

export const defaultCategories = [
  { id: "groceries", kind: "expense", icon: "shopping-basket" },
  { id: "eating-out", kind: "expense", icon: "utensils" },
  { id: "home", kind: "expense", icon: "house" },
  { id: "utilities", kind: "expense", icon: "plug" },
  { id: "transport", kind: "expense", icon: "bus" },
  { id: "car", kind: "expense", icon: "car" },
  { id: "health", kind: "expense", icon: "heart-pulse" },
  { id: "children", kind: "expense", icon: "baby" },
  { id: "education", kind: "expense", icon: "graduation-cap" },
  { id: "clothing", kind: "expense", icon: "shirt" },
  { id: "leisure", kind: "expense", icon: "ticket" },
  { id: "travel", kind: "expense", icon: "plane" },
  { id: "communication", kind: "expense", icon: "smartphone" },
  { id: "insurance", kind: "expense", icon: "umbrella" },
  { id: "taxes", kind: "expense", icon: "landmark" },
  { id: "gifts", kind: "expense", icon: "gift" },
  { id: "pets", kind: "expense", icon: "paw-print" },
  { id: "other-expense", kind: "expense", icon: "circle-ellipsis" },
  { id: "salary", kind: "income", icon: "wallet" },
  { id: "benefits", kind: "income", icon: "hand-coins" },
  { id: "interest", kind: "income", icon: "percent" },
  { id: "presents", kind: "income", icon: "party-popper" },
  { id: "refunds", kind: "income", icon: "undo-2" },
  { id: "other-income", kind: "income", icon: "circle-plus" },
] as const
