import axios from "axios";
const [, , base, token] = process.argv;
axios.get("/v1/me", { baseURL: base, headers: { Authorization: `Bearer ${token}` } }).catch((e) => console.error(e));
