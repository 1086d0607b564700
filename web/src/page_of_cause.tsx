/** A page of `docs/causes`: headings, lists, paragraphs, code and links, as those pages use them. */
import type { ComponentChild } from "preact";
import { Sentence } from "./words";

export function CauseText({ page }: { page: string }) {
  const blocks = page.split(/\n{2,}/).filter((block) => block.trim());
  return <>{blocks.map((block, number) => <Block key={number} text={block} />)}</>;
}

function Block({ text }: { text: string }): ComponentChild {
  const heading = /^(#+) (.*)$/.exec(text);
  if (heading) return heading[1] === "#" ? null : <h5>{heading[2]}</h5>;
  if (text.startsWith("```")) return <pre tabIndex={0}><code>{text.replace(/^```\w*\n?|\n?```$/g, "")}</code></pre>;
  if (/^[-*] /.test(text)) {
    const items = text.split(/\n(?=[-*] )/);
    return <ul>{items.map((item) => <li key={item}><Sentence text={linked(item.slice(2))} /></li>)}</ul>;
  }
  return <p><Sentence text={linked(text)} /></p>;
}

/** A link of a page leads to nothing here: its words stay. */
function linked(text: string): string {
  return text.replaceAll("\n", " ").replace(/\[([^\]]+)\]\([^)]+\)/g, "$1").replaceAll("**", "");
}
