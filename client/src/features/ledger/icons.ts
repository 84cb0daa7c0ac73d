import ArrowLeftRight from "lucide-solid/icons/arrow-left-right"
import Baby from "lucide-solid/icons/baby"
import BookOpen from "lucide-solid/icons/book-open"
import Bus from "lucide-solid/icons/bus"
import Camera from "lucide-solid/icons/camera"
import Car from "lucide-solid/icons/car"
import CircleEllipsis from "lucide-solid/icons/circle-ellipsis"
import CirclePlus from "lucide-solid/icons/circle-plus"
import Coffee from "lucide-solid/icons/coffee"
import CreditCard from "lucide-solid/icons/credit-card"
import Dumbbell from "lucide-solid/icons/dumbbell"
import Fuel from "lucide-solid/icons/fuel"
import Gift from "lucide-solid/icons/gift"
import GraduationCap from "lucide-solid/icons/graduation-cap"
import Hammer from "lucide-solid/icons/hammer"
import HandCoins from "lucide-solid/icons/hand-coins"
import HeartPulse from "lucide-solid/icons/heart-pulse"
import House from "lucide-solid/icons/house"
import Landmark from "lucide-solid/icons/landmark"
import Music from "lucide-solid/icons/music"
import PartyPopper from "lucide-solid/icons/party-popper"
import PawPrint from "lucide-solid/icons/paw-print"
import Percent from "lucide-solid/icons/percent"
import PiggyBank from "lucide-solid/icons/piggy-bank"
import Pill from "lucide-solid/icons/pill"
import Plane from "lucide-solid/icons/plane"
import Plug from "lucide-solid/icons/plug"
import Scissors from "lucide-solid/icons/scissors"
import Shirt from "lucide-solid/icons/shirt"
import ShoppingBasket from "lucide-solid/icons/shopping-basket"
import Smartphone from "lucide-solid/icons/smartphone"
import Sprout from "lucide-solid/icons/sprout"
import Ticket from "lucide-solid/icons/ticket"
import TrainFront from "lucide-solid/icons/train-front"
import Umbrella from "lucide-solid/icons/umbrella"
import Undo2 from "lucide-solid/icons/undo-2"
import Utensils from "lucide-solid/icons/utensils"
import Wallet from "lucide-solid/icons/wallet"
import type { Account, Entry } from "@home/shared/documents"
import type { Icon } from "../../ui/icon.js"

/** What a category may be drawn as; the names are lucide's and stand in the book. */
export const iconByName: Readonly<Record<string, Icon>> = {
  "shopping-basket": ShoppingBasket,
  utensils: Utensils,
  coffee: Coffee,
  house: House,
  plug: Plug,
  hammer: Hammer,
  sprout: Sprout,
  bus: Bus,
  "train-front": TrainFront,
  car: Car,
  fuel: Fuel,
  plane: Plane,
  "heart-pulse": HeartPulse,
  pill: Pill,
  dumbbell: Dumbbell,
  scissors: Scissors,
  baby: Baby,
  "graduation-cap": GraduationCap,
  "book-open": BookOpen,
  music: Music,
  ticket: Ticket,
  camera: Camera,
  shirt: Shirt,
  smartphone: Smartphone,
  umbrella: Umbrella,
  landmark: Landmark,
  "credit-card": CreditCard,
  gift: Gift,
  "paw-print": PawPrint,
  wallet: Wallet,
  "hand-coins": HandCoins,
  percent: Percent,
  "piggy-bank": PiggyBank,
  "party-popper": PartyPopper,
  "undo-2": Undo2,
  "circle-ellipsis": CircleEllipsis,
  "circle-plus": CirclePlus,
}

export const iconOf = (name: string | undefined): Icon =>
  (name === undefined ? undefined : iconByName[name]) ?? CircleEllipsis

/** What stands before an entry in a list. */
export const entryIcon = (entry: Entry, iconName: string | undefined): Icon =>
  entry.direction === "transfer" ? ArrowLeftRight : iconOf(iconName)

export const accountIcons: Readonly<Record<Account["kind"], Icon>> = {
  cash: Wallet,
  bank: Landmark,
  card: CreditCard,
  wallet: Smartphone,
  savings: PiggyBank,
  loan: HandCoins,
  other: CircleEllipsis,
}
