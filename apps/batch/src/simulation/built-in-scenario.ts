/** What `--simulate` and `rota simulate` serve when no scenario is given. */
export const BUILT_IN_SCENARIO = `description: Four keys in three limit groups, with the ups and downs of a real server.
models: any
keys:
  support-a: { limitGroup: support }
  support-b: { limitGroup: support }
  research: {}
  trial: {}
limitGroups:
  support: { requestsPerMinute: 1200, tokensPerMinute: 400000 }
  research: { requestsPerMinute: 1800, tokensPerMinute: 900000, concurrency: 40 }
  trial: { requestsPerMinute: 120, tokensPerMinute: 20000, concurrency: 4 }
latency: { kind: lognormal, medianMs: 250, perOutputTokenMs: 5 }
`;
