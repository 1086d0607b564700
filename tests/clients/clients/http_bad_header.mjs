import http from "node:http";
const [, , base, token] = process.argv;
http.get(`${base}/v1/me`, { headers: { Authorization: `Bearer ${token}\n` } });
