import axios from "axios";
const [, , base, token] = process.argv;
axios.get(`${base}/v1/me`, { headers: { Authorization: `Bearer ${token}` } }).catch((e) => console.error(JSON.stringify(e)));
