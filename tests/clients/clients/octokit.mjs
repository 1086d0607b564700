import { Octokit } from "octokit";
const [, , base, token] = process.argv;
await new Octokit({ auth: token, baseUrl: base, retry: { enabled: false } }).request("GET /user");
