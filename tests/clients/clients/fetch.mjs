const [, , base, token] = process.argv;
const r = await fetch(`${base}/v1/me`, { headers: { Authorization: `Bearer ${token}` } });
console.log(r);
console.log(await r.text());
