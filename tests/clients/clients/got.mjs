import got from "got";
const [, , base, token] = process.argv;
await got(`${base}/v1/me`, { headers: { Authorization: `Bearer ${token}` } }).json();
