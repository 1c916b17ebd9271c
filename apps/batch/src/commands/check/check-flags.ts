/** What `rota check` is told beside its files. */
export interface CheckFlags {
  readonly keys?: string;
  readonly envFile?: string;
  readonly json?: boolean;
}
