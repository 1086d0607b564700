// Fastify with @fastify/jwt and @fastify/rate-limit; the framework's own errors answer.
import { readFileSync } from "node:fs";
import fastify from "fastify";
import jwt from "@fastify/jwt";
import limit from "@fastify/rate-limit";

const { PORT, PUBLIC_KEY, ISSUER, AUDIENCE } = process.env;
const app = fastify();
await app.register(jwt, {
  secret: { public: readFileSync(PUBLIC_KEY, "utf8") },
  verify: { algorithms: ["RS256"], allowedIss: ISSUER, allowedAud: AUDIENCE },
});
await app.register(limit, { global: false });
const guard = async (request) => { await request.jwtVerify(); };
app.get("/me", { onRequest: guard }, async () => ({}));
app.get("/write", { onRequest: guard }, async (request, reply) =>
  request.user.scope?.split(" ").includes("write") ? {} : reply.code(403).send(new Error("Missing required scope: write")));
app.get("/things/:id", { onRequest: guard }, async (request, reply) => reply.code(404).send(new Error(`thing ${request.params.id} does not exist`)));
app.get("/limited", { config: { rateLimit: { max: 0, timeWindow: 60_000 } } }, async () => ({}));
app.get("/moved", async (_, reply) => reply.redirect(`http://localhost:${PORT}/me`));
await app.listen({ port: Number(PORT), host: "127.0.0.1" });
