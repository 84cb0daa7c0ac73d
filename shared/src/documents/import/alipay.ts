import type { Result } from "../../base/index.js"
import type { EntryDraft, ParsedImport } from "../drafts.js"
import { parseBill, type BillForm } from "./bill.js"
import type { ImportError } from "./import-error.js"

/** 交易关闭 also ends a payment that was never made; a refund is a row of its own beside the row it undoes. */
const statusOf = (state: string): EntryDraft["status"] | undefined => {
  if (/退款/.test(state) && /成功|已/.test(state)) return "refunded"
  if (/关闭|失败|撤销/.test(state)) return "closed"
  if (/等待|处理中|待|冻结/.test(state) && !/解冻/.test(state)) return "pending"
  return state === "" || /成功|完成|已|解冻|放款/.test(state) ? "settled" : undefined
}

/**
 * The app's export (since 2021: 交易时间, 收/付款方式, 交易订单号) and the web's before it (交易创建时间, 商品名称,
 * 交易号, 资金状态). The order of columns changed several times, so they are found by name.
 */
const alipayForm: BillForm = {
  format: "alipay",
  currency: "CNY",
  names: {
    time: ["交易时间", "交易创建时间"],
    number: ["交易订单号", "交易号"],
    payee: ["交易对方"],
    goods: ["商品说明", "商品名称"],
    flow: ["收/支"],
    amount: ["金额"],
    account: ["收/付款方式", "支付方式"],
    state: ["交易状态"],
    category: ["交易分类", "类型"],
    remark: ["备注"],
  },
  statusOf,
  stateInNote: () => false,
}

/** Alipay CSV, GB18030 or UTF-8. Amounts in fen, CNY; times are those of China, kept without a zone. */
export const parseAlipay = (bytes: Uint8Array): Result<ParsedImport, ImportError> =>
  parseBill(alipayForm, bytes)
