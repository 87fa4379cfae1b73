const crawlers =
  /bot\b|crawl|spider|slurp|scrap(er|y)|headless|phantomjs|puppeteer|playwright|selenium|lighthouse|preview|monitor(ing)?\b|pingdom|uptime/i;
const scripts =
  /^(curl|wget|python|libwww|java\/|okhttp|go-http|node-fetch|axios|undici|httpie|ruby|perl|php|apache-httpclient)/i;

/** Robots and scripts that say so in their user agent or client id. Those that lie are left to the rates. */
export function isBotAgent(agent: string): boolean {
  return crawlers.test(agent) || scripts.test(agent.trim());
}
