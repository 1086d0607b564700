// Express with Passport: passport-jwt, which says nothing but "Unauthorized", and passport-http-bearer below /bearer.
import { readFileSync } from "node:fs";
import express from "express";
import { createLocalJWKSet, importSPKI, jwtVerify } from "jose";
import passport from "passport";
import { Strategy as Bearer } from "passport-http-bearer";
import { ExtractJwt, Strategy as Jwt } from "passport-jwt";

const { PORT, PUBLIC_KEY, ISSUER, AUDIENCE } = process.env;
const pem = readFileSync(PUBLIC_KEY, "utf8");
const expected = { issuer: ISSUER, audience: AUDIENCE, algorithms: ["RS256"] };
passport.use(new Jwt({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: pem, ...expected }, (claims, done) => done(null, claims)));
const key = await importSPKI(pem, "RS256");
passport.use(new Bearer((token, done) => {
  jwtVerify(token, key, expected).then(({ payload }) => done(null, payload, { scope: payload.scope }), (error) => done(null, false, error.message));
}));
const app = express();
app.use("/moved", (_, res) => res.redirect(`http://localhost:${PORT}/me`));
for (const [base, strategy] of [["", "jwt"], ["/bearer", "bearer"]]) {
  const guard = (more) => passport.authenticate(strategy, { session: false, ...more });
  app.get(`${base}/me`, guard(), (_, res) => res.json({}));
  app.get(`${base}/write`, guard({ scope: "write" }), (req, res, next) => (req.user.scope?.split(" ").includes("write") ? res.json({}) : res.status(403).json({ error: "insufficient_scope", required: "write" })));
  app.get(`${base}/things/:id`, guard(), (_, res) => res.status(404).json({ error: "Not Found" }));
}
app.listen(PORT, "127.0.0.1");
