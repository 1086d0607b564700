const [, , base, token] = process.argv;
await fetch(`${base}/v1/me`, { headers: { Authorization: `Bearer ${token}\nx` } });
