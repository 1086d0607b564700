import axios from "axios";
const [, , base, token] = process.argv;
await axios.post(`${base}/v1/orders`, { a: 1 }, { headers: { Authorization: `Bearer ${token}` } });
