import { drawItem, type Random } from "../random.ts";

const OPENINGS = [
  "The first point",
  "This case",
  "The main question",
  "The request",
  "The second part",
  "One detail",
  "The whole",
  "The last remark",
];
const STATEMENTS = [
  "is clear and needs no further input",
  "can be settled in a single step",
  "depends on the details given above",
  "is worth a closer look",
  "agrees with what was said before",
  "has a short answer and a longer one",
  "should be checked once more",
  "follows from the context",
];
const ENDINGS = [
  "",
  "",
  " today",
  " in most cases",
  " as far as can be seen",
  " without exception",
];

const QUALITIES = ["early", "late", "minor", "open", "plain", "repeated", "shared", "urgent"];
const SUBJECTS = ["access", "account", "billing", "delivery", "export", "login", "setup", "speed"];

/** English sentences that fit any prompt, at least one of them, until they are `bytes` long. */
export function composeText(random: Random, bytes: number): string {
  let text = composeSentence(random);
  while (text.length < bytes) text += ` ${composeSentence(random)}`;
  return text;
}

/** Two words, such as a topic or a title. */
export function composeLabel(random: Random): string {
  return `${drawItem(random, QUALITIES)} ${drawItem(random, SUBJECTS)}`;
}

function composeSentence(random: Random): string {
  return `${drawItem(random, OPENINGS)} ${drawItem(random, STATEMENTS)}${drawItem(random, ENDINGS)}.`;
}
