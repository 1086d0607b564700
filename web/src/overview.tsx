/** Many requests at a glance: endpoint by cause, and time. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Desk } from "./desk";
import { iso } from "./list";
import type { Verdict } from "./protocol";
import { Code, Fold } from "./words";

/** So many endpoints and causes have a place on the map. */
const ENDPOINTS = 25;
const CAUSES = 12;
/** The time line has about so many bars. */
const BARS = 60;

/** Refused requests without a cause are counted under their verdict. */
const NAMELESS: Record<string, string> = { denied: "no cause named", unknown: "no cause named" };

export function Overview({ desk }: { desk: Desk }) {
  return (
    <div class="overview">
      <HeatMap desk={desk} />
      <TimeLine desk={desk} />
    </div>
  );
}

function HeatMap({ desk }: { desk: Desk }) {
  const cells = desk.counts.cells;
  if (cells.size === 0) return null;
  const sum = (own: Map<string, number>) => [...own.values()].reduce((a, b) => a + b, 0);
  const rows = [...cells].sort((a, b) => sum(b[1]) - sum(a[1]));
  const causes = new Map<string, number>();
  for (const own of cells.values()) for (const [cause, count] of own) causes.set(cause, (causes.get(cause) ?? 0) + count);
  const columns = [...causes].sort((a, b) => b[1] - a[1]).slice(0, CAUSES).map(([cause]) => cause);
  const most = Math.max(...[...cells.values()].flatMap((own) => [...own.values()]));
  const choose = (endpoint: string, cause: string) => {
    desk.filter = { ...desk.filter, verdicts: new Set(["denied", "unknown"]), endpoint, cause };
    desk.tell();
  };
  return (
    <Fold title="Endpoint by cause" count={cells.size} open>
      <div class="scroll" tabIndex={0} role="region" aria-label="Endpoint by cause">
        <table class="heat">
          <thead>
            <tr><th scope="col">Endpoint</th>{columns.map((cause) => <th scope="col" key={cause}><Code text={NAMELESS[cause] ?? cause} /></th>)}</tr>
          </thead>
          <tbody>
            {rows.slice(0, ENDPOINTS).map(([name, own]) => (
              <tr key={name}>
                <th scope="row"><bdi>{name}</bdi></th>
                {columns.map((cause) => {
                  const count = own.get(cause) ?? 0;
                  const heat = Math.ceil((4 * Math.log1p(count)) / Math.log1p(most));
                  const on = desk.filter.endpoint === name && desk.filter.cause === cause;
                  return (
                    <td key={cause} class={`heat${heat}`}>
                      {count === 0 ? null : <button type="button" aria-pressed={on} aria-label={`${count} requests: ${name}, ${cause}`} onClick={() => choose(name, cause)}>{count}</button>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > ENDPOINTS || causes.size > CAUSES ? <p class="quiet">The most frequent of {rows.length} endpoints and {causes.size} causes.</p> : null}
    </Fold>
  );
}

interface Bars {
  start: number;
  step: number;
  counts: Record<Verdict, number[]>;
}

function bars(moments: { at: number; verdict: Verdict }[]): Bars | undefined {
  let [start, end] = [Number.POSITIVE_INFINITY, 0];
  for (const { at } of moments) {
    start = Math.min(start, at);
    end = Math.max(end, at);
  }
  if (moments.length < 2 || end <= start) return undefined;
  const steps = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400, 604_800];
  const step = steps.find((own) => (end - start) / own <= BARS) ?? 2_592_000;
  start = Math.floor(start / step) * step;
  const length = Math.min(Math.floor((end - start) / step) + 1, 2000);
  const none = () => new Array<number>(length).fill(0);
  const counts: Bars["counts"] = { denied: none(), unknown: none(), clear: none() };
  for (const { at, verdict } of moments) {
    const own = counts[verdict];
    const place = Math.min(Math.floor((at - start) / step), length - 1);
    own[place] = (own[place] ?? 0) + 1;
  }
  return { start, step, counts };
}

function TimeLine({ desk }: { desk: Desk }) {
  const shown = bars(desk.counts.moments);
  if (!shown) return null;
  const { start, step, counts } = shown;
  const choose = (from: number, to: number) => {
    desk.filter = { ...desk.filter, from, to };
    desk.tell();
  };
  const refused = counts.denied.map((count, at) => count + (counts.unknown[at] ?? 0));
  const times = refused.map((count, at) => ({ count, at })).filter((own) => own.count > 0);
  return (
    <Fold title="Time line, UTC" open>
      <Plot shown={shown} choose={choose} waits={!!desk.busy} />
      <details class="fold">
        <summary>Refused requests by time, as a list</summary>
        <ul class="times">
          {times.slice(0, 100).map(({ count, at }) => (
            <li key={at}><button type="button" class="small" onClick={() => choose(start + at * step, start + (at + 1) * step)}>{iso(start + at * step)}: {count} of {count + (counts.clear[at] ?? 0)} refused</button></li>
          ))}
        </ul>
      </details>
    </Fold>
  );
}

function Plot({ shown, choose, waits }: { shown: Bars; choose: (from: number, to: number) => void; waits: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const total = shown.counts.denied.length;
  const sums = JSON.stringify([shown.start, shown.step, total, waits ? 0 : shown.counts]);
  useEffect(() => {
    const node = place.current;
    if (!node) return;
    const draw = () => plot(node, shown, choose);
    let drawn = draw();
    const anew = () => {
      drawn.destroy();
      drawn = draw();
    };
    const width = new ResizeObserver(() => drawn.setSize({ width: Math.max(node.clientWidth, 240), height: 180 }));
    width.observe(node);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", anew);
    addEventListener("theme", anew);
    return () => {
      width.disconnect();
      dark.removeEventListener("change", anew);
      removeEventListener("theme", anew);
      drawn.destroy();
    };
  }, [sums]);
  return (
    <div ref={place} class="plot" role="img" aria-label={`Time line from ${iso(shown.start)}: denied, undecided and clear requests in steps of ${shown.step} seconds. Drag over it to see only that time.`} />
  );
}

function plot(node: HTMLElement, shown: Bars, choose: (from: number, to: number) => void): uPlot {
  const { denied, unknown, clear } = shown.counts;
  const upto = (at: number, ...lists: number[][]) => lists.reduce((sum, own) => sum + (own[at] ?? 0), 0);
  const times = denied.map((_, at) => shown.start + at * shown.step);
  const paths = uPlot.paths.bars?.({ size: [0.9, 40], align: 1 });
  const series = (label: string, name: string): uPlot.Series => ({ label, fill: resolved(node, `--plot-${name}`), width: 0, ...(paths ? { paths } : {}), points: { show: false } });
  const axis: uPlot.Axis = { space: 72, stroke: resolved(node, "--quiet"), grid: { stroke: resolved(node, "--edge"), width: 1 }, ticks: { show: false } };
  return new uPlot(
    {
      width: Math.max(node.clientWidth, 240),
      height: 180,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false } },
      legend: { show: false },
      scales: { x: { range: (_, from, to) => [from, to + shown.step] }, y: { range: (_, __, most) => [0, Math.max(most, 1)] } },
      axes: [{ ...axis, values: (_, splits) => splits.map((at) => clock(at, shown.step)) }, { ...axis, size: 48, incrs: [1, 2, 5, 10, 50, 100, 500, 1000, 5000, 10_000, 100_000] }],
      series: [{}, series("clear", "clear"), series("undecided", "unknown"), series("denied", "denied")],
      hooks: {
        setSelect: [(own) => {
          if (own.select.width < 4) return;
          choose(own.posToVal(own.select.left, "x"), own.posToVal(own.select.left + own.select.width, "x"));
          own.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        }],
      },
    },
    [times, times.map((_, at) => upto(at, denied, unknown, clear)), times.map((_, at) => upto(at, denied, unknown)), denied],
    node,
  );
}

/** A moment as short as the steps allow: 2026-09-01, 10:00 or 10:00:30. */
function clock(seconds: number, step: number): string {
  const text = new Date(seconds * 1000).toISOString();
  if (step >= 21_600) return text.slice(0, 10);
  return text.slice(11, step < 60 ? 19 : 16);
}

/** A colour of the style as a canvas understands it, of the theme in force. */
function resolved(node: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  node.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
