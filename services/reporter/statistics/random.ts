// Random numbers that are the same for the same seed. In: a whole number. Out: a function that gives the next one. For
// resampling only: must never make anything that has to be secret.

/** Uniform in [0, 1), 32 bits each. Source: sfc32 (Doty-Humphrey, PractRand), warmed up from the seed. */
export function seededRandom(seed: number): () => number {
  let [a, b, c, counter] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, 0x9e3779b9 | 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}
