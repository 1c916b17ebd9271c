import fc from "fast-check";

const MARKS = [":", "::", "#", "##", "##[", "[", "]", "=", ",", ";", "%0A", "%25", "%3A"];

/** Ends of lines, white space, characters that are overlooked, and those that act on a terminal. */
const GAPS =
  "\r|\n|\r\n|\t| |\u0085|\u00a0|\u2028|\u200b|\u034f|\ufe0f|\ufeff|\u0000|\u001b[31m|\u202e".split(
    "|",
  );

const WORDS = (
  "error|warning|notice file=a,line=1|set-output name=x|set-env name=PATH|add-mask|add-path|" +
  "stop-commands|save-state name=x|add-matcher|group|endgroup|debug|echo|hello|日本|🙂"
).split("|");

const KNOWN_ATTACKS = [
  "::set-output name=status::hacked",
  ": ::set-output name=status::hacked",
  "  ::set-env name=PATH::/tmp",
  "text ##[error]from nowhere",
  "#\u034f#[add-path]/tmp",
  "\ufe0f::add-mask::a",
  "fine\r\n::warning::from nowhere",
  "fine\r::stop-commands::x",
  "fine\n::add-path::/tmp",
  "####[[set-env name=A]b",
  "%0A::error::from nowhere",
];

/** Texts that try to be commands of the runner: known ones, and pieces of them in any order. */
export const hostileText = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...KNOWN_ATTACKS) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(...MARKS, ...GAPS, ...WORDS), { minLength: 2, maxLength: 12 })
      .map((pieces) => pieces.join("")),
  },
);
