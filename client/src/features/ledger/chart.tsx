import type { JSX } from "solid-js"
import { createEffect, onCleanup, onMount } from "solid-js"
import uPlot from "uplot"
import "uplot/dist/uPlot.min.css"

export interface ChartBar {
  readonly label: string
  readonly expense: number
  readonly income: number
}

interface ChartProps {
  readonly label: string
  readonly bars: readonly ChartBar[]
  /** Names of the two series, for the legend. */
  readonly expenseName: string
  readonly incomeName: string
  /** How a value is written: main units of the currency. */
  readonly format: (value: number) => string
}

const heightPx = 260
/** Above the longest bar. */
const headroom = 1.05

/** The colours of the theme: a canvas knows no variables. */
const tokens = () => {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string): string => style.getPropertyValue(name).trim()
  return { ink: read("--quiet"), line: read("--line"), out: read("--spend"), in: read("--gain") }
}

/** Two bars a row. The table beside it says the same: the picture is for eyes only. */
export default function Chart(props: ChartProps): JSX.Element {
  let place: HTMLDivElement | undefined
  let plot: uPlot | undefined
  const draw = (): void => {
    if (place === undefined) return
    plot?.destroy()
    const { bars } = props
    const colours = tokens()
    const path = (align: -1 | 1) => uPlot.paths.bars?.({ size: [0.38, 40], align })
    const series = (label: string, stroke: string, align: -1 | 1): uPlot.Series => {
      const paths = path(align)
      return {
        label,
        stroke,
        fill: stroke,
        points: { show: false },
        ...(paths === undefined ? {} : { paths }),
        value: (_, value: number | null) => (value === null ? "" : props.format(value)),
      }
    }
    const axis = { stroke: colours.ink, grid: { stroke: colours.line, width: 1 }, ticks: { show: false } }
    plot = new uPlot(
      {
        width: place.clientWidth,
        height: heightPx,
        scales: {
          x: { time: false, range: [-0.6, Math.max(0.6, bars.length - 0.4)] },
          // A bar's length is its value only from zero on.
          y: { range: (_, _least, most) => [0, most > 0 ? most * headroom : 1] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            splits: () => bars.map((_, at) => at),
            values: (_, splits) => splits.map(at => shortened(bars[at]?.label ?? "", bars.length)),
          },
          { ...axis, size: 76, values: (_, values) => values.map(value => props.format(value)) },
        ],
        series: [{}, series(props.expenseName, colours.out, -1), series(props.incomeName, colours.in, 1)],
        cursor: { drag: { x: false, y: false } },
        legend: { show: false },
      },
      [bars.map((_, at) => at), bars.map(bar => bar.expense), bars.map(bar => bar.income)],
      place,
    )
  }
  onMount(() => {
    createEffect(draw)
    const observer = new ResizeObserver(() => {
      if (place !== undefined && plot !== undefined && plot.width !== place.clientWidth)
        plot.setSize({ width: place.clientWidth, height: heightPx })
    })
    if (place !== undefined) observer.observe(place)
    onCleanup(() => {
      observer.disconnect()
      plot?.destroy()
    })
  })
  return <div class="chart" role="img" aria-label={props.label} ref={element => (place = element)} />
}

const shortened = (label: string, count: number): string => {
  const most = count > 8 ? 8 : 12
  return label.length > most ? `${label.slice(0, most - 1)}…` : label
}
