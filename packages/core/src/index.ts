export { startRun } from "./start-run.ts";
export type { Run } from "./run.ts";
export { checkPipeline } from "./check-pipeline.ts";
export type { CheckReport } from "./check-pipeline.ts";
export type { PipelineDefinition } from "./pipeline/schema.ts";
export type { RunOptions } from "./run-options.ts";
export type { RowRange } from "./rows/row-range.ts";
export type { RowInput } from "./rows/open-rows.ts";
export type { RowValues } from "./rows/value-rows.ts";
export type { RowScan, RowSource, TableFormat } from "./vocabulary/row-source.ts";
export type { Row } from "./vocabulary/row.ts";
export type { JsonObject, JsonValue } from "./vocabulary/json.ts";
export type {
  FinishedGroup,
  FinishedRow,
  FinishedStep,
  FinishedSteps,
  FinishedSubject,
} from "./vocabulary/finished.ts";
export type { CallStatus, SubjectCounts } from "./vocabulary/journal.ts";
export { CALL_ERROR_CODES } from "./vocabulary/provider.ts";
export type {
  CallErrorCode,
  Failure,
  FailureClass,
  Provider,
  RateLimitReport,
  RateLimitWindow,
  Reply,
  SendOutcome,
} from "./vocabulary/provider.ts";
export type {
  ChatMessage,
  ChatRole,
  ModelRequest,
  OutputFormat,
} from "./vocabulary/model-request.ts";
export type { TokenUsage } from "./vocabulary/usage.ts";
export type { Random } from "./vocabulary/random.ts";
export { Secret } from "./vocabulary/secret.ts";
export type { RunSummary } from "./vocabulary/run-summary.ts";
export type { Clock } from "./vocabulary/clock.ts";
export {
  ChargeTooLargeError,
  InvariantError,
  NoUsableKeyError,
  RotaError,
  RunChangedError,
  RunLockedError,
  StorageError,
} from "./vocabulary/error.ts";
export type { RotaErrorCode, RotaErrorKind } from "./vocabulary/error.ts";
export type { OnEvent, RunEvent, StopReason } from "./vocabulary/event.ts";
export type { KeyHealth, KeyStatus } from "./vocabulary/key-ring.ts";
export { ANY_MODEL } from "./vocabulary/named-key.ts";
export type {
  Endpoint,
  KeyRingConfiguration,
  NamedKey,
  RateLimits,
} from "./vocabulary/named-key.ts";
export {
  collectProblems,
  formatProblem,
  ProblemsError,
  rewordProblem,
} from "./vocabulary/problem.ts";
export type { Position, Problem, ProblemCode, ReportProblem } from "./vocabulary/problem.ts";
export { systemClock } from "./clock/system-clock.ts";
export { escapeMarkdown } from "./template/markdown-text.ts";
export { printableLine, printableText } from "./vocabulary/printable-text.ts";
export { createRedaction, createSecretMask } from "./vocabulary/redaction.ts";
export { findKeyFile } from "./keys/configuration/find-key-file.ts";
export { findEnvironmentKeys } from "./keys/configuration/read-environment-keys.ts";
export type { EnvironmentKey } from "./keys/configuration/read-environment-keys.ts";
export { loadKeys } from "./keys/configuration/load-keys.ts";
export { keysFromSecrets } from "./keys/configuration/keys-from-secrets.ts";
export { keyFileJsonSchema } from "./keys/configuration/key-file-schema.ts";
export { pipelineJsonSchema } from "./pipeline/schema.ts";
