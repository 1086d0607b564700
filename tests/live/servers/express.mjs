// Express, guarded by express-oauth2-jwt-bearer; its own error page answers. On the second port bound tokens are understood.
import express from "express";
import { auth, requiredScopes } from "express-oauth2-jwt-bearer";
import { rateLimit } from "express-rate-limit";

const { PORT, BOUND_PORT, JWKS, ISSUER, AUDIENCE } = process.env;
const api = (dpop) => {
  const app = express();
  app.use("/limited", rateLimit({ limit: 0, standardHeaders: true }));
  app.use("/moved", (_, res) => res.redirect(`http://localhost:${PORT}/me`));
  app.use(auth({ jwksUri: JWKS, issuer: ISSUER, audience: AUDIENCE, tokenSigningAlg: "RS256", dpop }));
  app.get("/me", (_, res) => res.json({}));
  app.get("/write", requiredScopes("write"), (_, res) => res.json({}));
  app.get("/things/:id", (req, res) => res.status(404).json({ message: `Thing ${req.params.id} not found` }));
  return app;
};
api({ enabled: false }).listen(PORT, "127.0.0.1");
api({ enabled: true, required: false }).listen(BOUND_PORT, "127.0.0.1");
