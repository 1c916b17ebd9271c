/**
 * The kinds of subjects that a step can be about, and so how often it runs. Journals hold their
 * places in this list: more come behind these.
 */
export const PER = ["row", "group", "run"] as const;
export type Per = (typeof PER)[number];

/** What a call is about: one row, the rows that have something in common, or the whole run. */
export type Subject =
  | {
      readonly per: "row";
      readonly ordinal: number;
      /**
       * Hash of what the row holds: another row in its place is another subject. Empty where a
       * journal of an older version did not record it.
       */
      readonly content: string;
    }
  | {
      readonly per: "group";
      /** Which grouping it belongs to: the text that makes a row's group, as the pipeline has it. */
      readonly by: string;
      /** What that text gives for the group's rows. */
      readonly key: string;
    }
  | { readonly per: "run" };
