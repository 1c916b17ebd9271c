/** What `rota simulate` is told beside its files. */
export interface SimulateFlags {
  readonly port: number;
}
