// Evidence for the tests, made up.
import { createHash } from "node:crypto";

/** A value that looks like an opaque token, always the same for a name. */
export const marked = (name) => `${createHash("sha256").update(name).digest("base64url")}Zq7`;

const HOST = "https://api.mypurecloud.com";

/** What the entries of a HAR come to, in turn. */
const ANSWERS = [
  { method: "GET", path: "/api/v2/users/me", status: 200, body: { id: "u-1", name: "A user" } },
  { method: "GET", path: "/api/v2/routing/queues?pageSize=25", status: 403, body: { code: "missing.permissions", message: "Unable to perform the requested action. You are missing the following permission(s): routing:queue:view", status: 403 } },
  { method: "GET", path: "/api/v2/conversations", status: 200, body: { conversations: [] } },
  { method: "POST", path: "/api/v2/conversations/messages", status: 401, body: { code: "bad.credentials", message: "Invalid login credentials.", status: 401 } },
  { method: "GET", path: "/api/v2/analytics/queues/observations", status: 200, body: {} },
  { method: "GET", path: "/api/v2/architect/flows", status: 429, body: { code: "too.many.requests", message: "Rate limit exceeded the maximum.", status: 429 } },
];

function entry(number, secret, padding) {
  const answer = ANSWERS[number % ANSWERS.length];
  const at = new Date(Date.UTC(2026, 8, 1, 10) + number * 1500).toISOString();
  // A refused token is another than the one that is taken.
  const token = answer.status === 401 ? [...secret].reverse().join("") : secret;
  const headers = (list) => Object.entries(list).map(([name, value]) => ({ name, value }));
  return {
    startedDateTime: at,
    time: 40,
    request: {
      method: answer.method, url: HOST + answer.path, httpVersion: "HTTP/2", queryString: [], cookies: [],
      headers: headers({ Authorization: `Bearer ${token}`, Cookie: `session=${secret}`, Accept: "application/json" }),
    },
    response: {
      status: answer.status, statusText: "", httpVersion: "HTTP/2", cookies: [],
      headers: headers({ "Content-Type": "application/json", "ININ-Correlation-Id": `0b1c2d3e-0001-4000-8000-${String(number).padStart(12, "0")}` }),
      content: { mimeType: "application/json", text: JSON.stringify(padding ? { ...answer.body, padding: "x".repeat(padding) } : answer.body) },
    },
    cache: {},
    timings: { send: 0, wait: 40, receive: 0 },
  };
}

/** A HAR of so many entries. */
export function har(entries, { secret = marked("har"), padding = 0 } = {}) {
  const list = Array.from({ length: entries }, (_, number) => JSON.stringify(entry(number, secret, padding)));
  return `{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"entries":[\n${list.join(",\n")}\n]}}\n`;
}
