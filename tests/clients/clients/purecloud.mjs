import platformClient from "purecloud-platform-client-v2";
const [, , base, token] = process.argv;
const client = platformClient.ApiClient.instance;
client.config.basePath = base;
client.basePath = base;
client.setAccessToken(token);
new platformClient.UsersApi().getUsersMe().catch((e) => console.error(e));
