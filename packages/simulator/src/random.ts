/** A source of chance: uniform numbers in [0, 1). */
export type Random = () => number;

const TWO_TO_32 = 2 ** 32;

/**
 * A repeatable source of chance: the same seeds, in the same order, give the same numbers.
 * Seeds are whole numbers up to 2^53. The generator is sfc32, whose state is mixed from the seeds.
 */
export function createRandom(...seeds: readonly number[]): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  for (const seed of seeds) {
    a = mixBits(a ^ (seed >>> 0));
    b = mixBits(b ^ a ^ (Math.floor(seed / TWO_TO_32) >>> 0));
    c = mixBits(c ^ b);
  }
  let counter = 1;
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / TWO_TO_32;
  };
}

/** A whole number from `least` to `most`, both included. */
export function drawInteger(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** @throws RangeError when there is nothing to choose from. */
export function drawItem<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError("There is nothing to choose from.");
  return item;
}

/** A number whose logarithm is normally distributed: half of the draws are below `median`. */
export function drawLognormal(random: Random, median: number, sigma: number): number {
  // Box and Muller; 1 − u keeps the logarithm's argument above zero.
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
}

/** The finalizer of MurmurHash3: every bit of the input moves half of the output's bits. */
function mixBits(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
