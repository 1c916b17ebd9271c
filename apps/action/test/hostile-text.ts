import fc from "fast-check";

const PIECES = [
  ...["::", ":", "##[", "##", "#", "[", "]", "=", ",", ";", "%0A", "%25", "%3A", " ", "\t", "\r"],
  ...["\n", "\r\n", "\u0085", "\u00a0", "\u2028", "\u200b", "\u034f", "\ufe0f", "\ufeff", "\u0000"],
  ...["\u001b[31m", "\u202e", "error", "warning", "set-output name=x", "set-env name=PATH"],
  ...["add-mask", "stop-commands", "add-path", "save-state name=x", "group", "endgroup", "debug"],
  ...["echo", "add-matcher", "notice file=a,line=1", "hello", "日本", "🙂"],
];

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
      .array(fc.constantFrom(...PIECES), { minLength: 2, maxLength: 12 })
      .map((pieces) => pieces.join("")),
  },
);
