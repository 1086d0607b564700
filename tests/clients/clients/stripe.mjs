import Stripe from "stripe";
const [, , base, token] = process.argv;
const { hostname, port } = new URL(base);
const stripe = new Stripe(token, { host: hostname, port, protocol: "http", maxNetworkRetries: 0 });
await stripe.customers.list({ limit: 1 });
