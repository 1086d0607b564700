// A real authorization server (oidc-provider) and an API guarded by express-oauth2-jwt-bearer, on loopback.
// Prints one line of JSON with their addresses, then serves until its input ends. A line on its input changes the
// issuer's keys.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import express from "express";
import { auth, requiredScopes } from "express-oauth2-jwt-bearer";
import Provider, { errors } from "oidc-provider";

const secret = process.env.CLIENT_SECRET;
const AUDIENCE = "https://api.example";

const listen = (server) =>
  new Promise((done) => server.listen(0, "127.0.0.1", () => done(`http://127.0.0.1:${server.address().port}`)));

const issuerServer = createServer((req, res) => handle(req, res));
let handle = (_, res) => res.writeHead(503).end();
const issuer = await listen(issuerServer);

const client = (client_id) => ({
  client_id,
  client_secret: secret,
  grant_types: ["client_credentials"],
  redirect_uris: [],
  response_types: [],
});

const provider = (jwks) => new Provider(issuer, {
  jwks,
  clients: [client("app-jwt"), client("app-opaque"), client("app-short"), { ...client("app-post"), token_endpoint_auth_method: "client_secret_post" }],
  scopes: ["read", "write"],
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => AUDIENCE,
      getResourceServerInfo: (_, resource, { clientId }) => {
        if (resource !== AUDIENCE) throw new errors.InvalidTarget();
        return {
          scope: "read write",
          audience: AUDIENCE,
          accessTokenFormat: clientId === "app-opaque" ? "opaque" : "jwt",
          accessTokenTTL: clientId === "app-short" ? 1 : 600,
          jwt: { sign: { alg: "RS256" } },
        };
      },
    },
  },
  ttl: { ClientCredentials: (_, token, c) => token.resourceServer?.accessTokenTTL ?? 600 },
});
const keys = () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig" }] };
};
handle = provider(keys()).callback();

const guarded = (audience, dpop = { enabled: false }) => {
  const app = express();
  app.get("/open", (_, res) => res.json({}));
  app.use(auth({ issuerBaseURL: issuer, audience, tokenSigningAlg: "RS256", dpop }));
  app.get("/me", (_, res) => res.json({}));
  app.get("/write", requiredScopes("write"), (_, res) => res.json({}));
  app.use((error, _, res, next) => {
    if (res.headersSent) return next(error);
    res.set(error.headers ?? {}).status(error.status ?? 500).json({ error: error.code ?? "error", message: error.message });
  });
  return createServer(app);
};

const api = await listen(guarded(AUDIENCE));
const other = await listen(guarded("https://other.example"));
const bound = await listen(guarded(AUDIENCE, { enabled: true, required: true }));
console.log(JSON.stringify({ issuer, api, other, bound }));
process.stdin.on("data", () => {
  handle = provider(keys()).callback();
  console.log("{}");
});
process.stdin.on("end", () => process.exit(0));
