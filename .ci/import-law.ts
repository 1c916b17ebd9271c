import { readdirSync } from "node:fs";

const ENGINE = "packages/core/src";

/** What a room of the engine may import besides its own files, the words and Node. */
interface Room {
  readonly name: string;
  readonly rooms: readonly string[];
  readonly libraries: readonly string[];
  /** Said of a room that it may not import. */
  readonly reason: string;
}

const GROUND = "The ground carries the parts, not the other way round.";
const PART = "Parts know only the words they share; plan and execute bring them together.";
const LAST = "Results are delivered when all calls are made.";

const ground = ["clock", "storage", "document", "template"];
const parts = ["pipeline", "rows", "keys", "provider", "journal", "usage", "report"];
const below = [...ground, ...parts];

const provider = {
  name: "provider",
  rooms: ground,
  libraries: ["openai", "undici", "zod"],
  reason: PART,
};

/** In the order of docs/architecture.md. */
const ROOMS: readonly Room[] = [
  { name: "vocabulary", rooms: [], libraries: [], reason: "Words depend on nothing." },

  { name: "clock", rooms: [], libraries: [], reason: GROUND },
  { name: "storage", rooms: [], libraries: ["node:sqlite"], reason: GROUND },
  {
    name: "document",
    rooms: [],
    libraries: ["yaml", "zod", "fastest-levenshtein"],
    reason: GROUND,
  },
  { name: "template", rooms: [], libraries: ["liquidjs"], reason: GROUND },

  {
    name: "pipeline",
    rooms: ground,
    libraries: ["zod", "typebox", "@marcbachmann/cel-js", "re2js"],
    reason: PART,
  },
  { name: "rows", rooms: ground, libraries: ["csv-parse"], reason: PART },
  { name: "keys", rooms: ground, libraries: ["zod"], reason: PART },
  provider,
  { name: "journal", rooms: ground, libraries: ["node:sqlite"], reason: PART },
  { name: "usage", rooms: ground, libraries: [], reason: PART },
  { name: "report", rooms: ground, libraries: [], reason: PART },

  {
    name: "results",
    rooms: below,
    libraries: [],
    reason: "What is done is known before it is planned, carried on or delivered.",
  },
  {
    name: "plan",
    rooms: [...below, "results"],
    libraries: [],
    reason: "A plan is made before it is carried out.",
  },
  {
    name: "execute",
    rooms: [...below, "results", "plan"],
    libraries: [],
    reason: LAST,
  },
  {
    name: "deliver",
    rooms: [...below, "results", "plan"],
    libraries: ["csv-stringify"],
    reason: LAST,
  },
];

const LIBRARIES = [...new Set(ROOMS.flatMap(({ libraries }) => libraries))];
const ROOT_FILES = readdirSync(new URL(`../${ENGINE}/`, import.meta.url)).filter((name) =>
  name.endsWith(".ts"),
);

/** Imports that are refused, and why. */
interface Refusal {
  readonly regex: string;
  readonly message: string;
}

function refuseFor({ name, rooms, libraries, reason }: Room): Refusal[] {
  const known = new Set([name, "vocabulary", ...rooms]);
  const unknown = ROOMS.map((room) => room.name).filter((room) => !known.has(room));
  const foreign = LIBRARIES.filter((library) => !libraries.includes(library));
  return [
    { regex: `^(\\.\\./)+(${anyOf(unknown)})/`, message: reason },
    {
      regex: `^(\\.\\./)+(${anyOf(ROOT_FILES)})$`,
      message: "A part does not know how the engine is put together.",
    },
    {
      regex: `^(${anyOf(foreign)})(/|$)`,
      message: "This library has a part of its own; see docs/architecture.md.",
    },
    { regex: "^(\\.\\./)+testing/|^vitest$|^fast-check$", message: "Test support is for tests." },
  ];
}

function anyOf(names: readonly string[]): string {
  return names.map((name) => name.replaceAll(".", "\\.")).join("|");
}

function refuse(files: string, patterns: readonly Refusal[]) {
  return {
    files: [files],
    rules: { "no-restricted-imports": ["error", { patterns: [...patterns] }] as const },
  };
}

const toSimulator: readonly Refusal[] = ["^@rota/", "^(\\.\\./)+core/"].map((regex) => ({
  regex,
  message: "The simulator shares no code with what it tests.",
}));

/** Who may import what. Of entries that fit one file, the last holds. */
export const importLaw = [
  ...ROOMS.map((room) => refuse(`${ENGINE}/${room.name}/**/*.ts`, refuseFor(room))),
  refuse(`${ENGINE}/provider/failure/**/*.ts`, [
    { regex: "^\\.\\./chat-completion/", message: "Failures are the same for every endpoint." },
    ...refuseFor(provider),
  ]),
  refuse(`${ENGINE}/provider/{reply,client}/**/*.ts`, [
    {
      regex: "^\\.\\./(failure|chat-completion|reply|client)/",
      message:
        "Replies and the client know nothing of each other, and nothing of what is made of them.",
    },
    ...refuseFor(provider),
  ]),
  refuse("packages/simulator/**/*.ts", toSimulator),
  refuse("packages/simulator/src/*/**/*.ts", [
    {
      regex: "^\\.\\./(server/|(start-simulator|index|main)\\.ts)",
      message: "The server brings the other rooms together; only the root files know the server.",
    },
    ...toSimulator,
  ]),
  refuse("apps/**/*.ts", [
    { regex: "^@rota/(core|simulator)/", message: "Use the package's door." },
    { regex: "^(\\.\\./)+packages/", message: "Use the package's door." },
    { regex: "^@rota/(batch|action)", message: "Apps do not know each other." },
  ]),
];
