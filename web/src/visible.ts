/** Text that others wrote, so that nothing in it can hide, reorder or break out: what the program escapes for a terminal. */
const DANGEROUS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;

export function visible(text: string): string {
  return text.replace(DANGEROUS, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** A document of the engine, every text in it made visible. */
export function document_of<T>(json: string): T {
  return deep(JSON.parse(json)) as T;
}

function deep(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(deep);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, own]) => [visible(name), deep(own)]));
  }
  return value;
}
