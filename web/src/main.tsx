import "uplot/dist/uPlot.min.css";
import "./style.css";
import { render } from "preact";
import { useEffect, useReducer, useState } from "preact/hooks";
import { Desk } from "./desk";
import { EvidenceView } from "./evidence";
import { TablesView } from "./tables";
import { type Asked, TokenView } from "./token";

const VIEWS = [
  ["evidence", "Evidence"],
  ["token", "Token and endpoint"],
  ["tables", "Tables"],
] as const;
type View = (typeof VIEWS)[number][0];

const THEMES = ["auto", "light", "dark"] as const;

function App({ desk }: { desk: Desk }) {
  const [, again] = useReducer((count: number) => count + 1, 0);
  const [view, setView] = useState<View>("evidence");
  const [asked, setAsked] = useState<Asked>();
  useEffect(() => desk.hear(() => again(undefined as never)), [desk]);
  const compare = (question: Asked) => {
    setAsked(question);
    setView("token");
  };
  return (
    <>
      <a class="skip" href="#main">Skip to the content</a>
      <header class="top">
        <h1>why401</h1>
        <p class="promise">Nothing leaves this machine: this page cannot reach the network, and keeps nothing.</p>
        <nav aria-label="Views">
          {VIEWS.map(([id, name]) => (
            <button type="button" key={id} aria-current={view === id ? "page" : undefined} onClick={() => setView(id)}>{name}</button>
          ))}
        </nav>
        <Theme />
      </header>
      <main id="main" tabIndex={-1}>
        {desk.fault ? <p class="fault" role="alert">{desk.fault}</p> : null}
        <div hidden={view !== "evidence"}><EvidenceView desk={desk} /></div>
        <div hidden={view !== "token"}><TokenView desk={desk} asked={asked} /></div>
        <div hidden={view !== "tables"}><TablesView desk={desk} compare={compare} /></div>
      </main>
      <p class="hidden" role="status">{desk.said}</p>
    </>
  );
}

function Theme() {
  const [theme, setTheme] = useState<(typeof THEMES)[number]>("auto");
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    dispatchEvent(new Event("theme"));
  }, [theme]);
  return (
    <label class="theme">
      <span>Theme</span>
      <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as (typeof THEMES)[number])}>
        {THEMES.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
    </label>
  );
}

const desk = new Desk();
const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  render(<App desk={desk} />, root);
}
void desk.start();
