/** GitHub shows ten errors of a step, and the one that fails the step must be among them. */
export const MAX_ANNOTATIONS = 9;
