// oidc-provider: its userinfo endpoint judges tokens that it made itself; they are printed as one line of JSON.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { PORT } = process.env;
const client = { client_id: "app", client_secret: "invented-client-secret-0123456789", redirect_uris: ["https://app.example/cb"], grant_types: ["authorization_code"] };
const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  clients: [client],
  scopes: ["openid", "read"],
  features: { dPoP: { enabled: true }, devInteractions: { enabled: false }, userinfo: { enabled: true } },
  ttl: { AccessToken: 3600 },
  clockTolerance: 0,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});
const of = await provider.Client.find("app");
const grant = new provider.Grant({ accountId: "u", clientId: "app" });
grant.addOIDCScope("openid read");
const grantId = await grant.save();
const token = async (more = {}, scope = "openid") => {
  const { expiresIn, ...rest } = more;
  const made = new provider.AccessToken({ accountId: "u", client: of, grantId, scope, gty: "authorization_code", ...rest });
  if (expiresIn) made.expiresIn = expiresIn;
  const value = await made.save();
  return { made, value };
};
const revoked = await token();
await revoked.made.destroy();
const expired = await token({ expiresIn: 1 });
const out = {
  sound: (await token()).value,
  expired: expired.value,
  revoked: revoked.value,
  scope: (await token({}, "read")).value,
  bound: (await token({ jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" })).value,
};
// Its seconds are whole ones.
await new Promise((over) => setTimeout(over, 2100));
createServer(provider.callback()).listen(PORT, "127.0.0.1", () => console.log(JSON.stringify(out)));
