import { WebClient } from "@slack/web-api";
const [, , base, token] = process.argv;
await new WebClient(token, { slackApiUrl: `${base}/api/`, retryConfig: { retries: 0 } }).auth.test();
