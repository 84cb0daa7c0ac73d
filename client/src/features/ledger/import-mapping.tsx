import {
  type BankFile,
  type TableColumn,
  type TableMapping,
  tableColumns,
  tableDateOrders,
  tableDelimiters,
  tableEncodings,
} from "@home/shared/documents/import"
import { For, type JSX } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Select } from "../../ui/choice.js"

const delimiterNames = { ",": ",", ";": ";", "|": "|" } as const
const encodingNames = { "utf-8": "UTF-8", gb18030: "GB18030 (中文)", "windows-1252": "Latin-1" } as const

/** How a bank's file is read: what was guessed, to be corrected. */
export default function ImportMapping(props: {
  readonly bank: BankFile
  readonly onChange: (mapping: Partial<TableMapping>) => void
}): JSX.Element {
  const t = useT()
  const mapping = () => props.bank.mapping
  const change = (patch: Partial<TableMapping>): void => props.onChange({ ...mapping(), ...patch })
  const columnOptions = () => [
    { value: "", label: t("money.import.column.none") },
    ...props.bank.header.map((name, at) => ({ value: String(at), label: `${at + 1}. ${name.slice(0, 40)}` })),
  ]
  const setColumn = (column: TableColumn, value: string): void => {
    const { [column]: _old, ...others } = mapping().columns
    change({ columns: value === "" ? others : { ...others, [column]: Number(value) } })
  }
  return (
    <details class="card fold">
      <summary>{t("money.import.how")}</summary>
      <div class="pair">
        <For each={tableColumns}>
          {column => (
            <Select
              label={t(`money.import.column.${column}`)}
              options={columnOptions()}
              value={String(mapping().columns[column] ?? "")}
              onChange={value => setColumn(column, value)}
            />
          )}
        </For>
        <Select
          label={t("money.import.order")}
          options={tableDateOrders.map(value => ({ value, label: t(`money.import.order.${value}`) }))}
          value={mapping().dateOrder}
          onChange={dateOrder => change({ dateOrder })}
        />
        <Select
          label={t("money.import.decimal")}
          options={([".", ","] as const).map(value => ({ value, label: value }))}
          value={mapping().decimal}
          onChange={decimal => change({ decimal })}
        />
        <Select
          label={t("money.import.positive")}
          options={(["expense", "income"] as const).map(value => ({ value, label: t(`money.${value}`) }))}
          value={mapping().positive}
          onChange={positive => change({ positive })}
        />
        <Select
          label={t("money.import.delimiter")}
          options={tableDelimiters.map(value => ({
            value,
            label: value === "\t" ? t("money.import.tab") : delimiterNames[value],
          }))}
          value={mapping().delimiter}
          // Other columns come of another separator: all is guessed anew.
          onChange={delimiter => props.onChange({ delimiter, encoding: mapping().encoding })}
        />
        <Select
          label={t("money.import.encoding")}
          options={tableEncodings.map(value => ({ value, label: encodingNames[value] }))}
          value={mapping().encoding}
          onChange={encoding => props.onChange({ encoding })}
        />
      </div>
    </details>
  )
}
