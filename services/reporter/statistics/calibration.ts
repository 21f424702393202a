// Does a probability mean what it says? In: labels and the probabilities given to them. Out: Brier score, log-loss and the
// table of reliability with its error. The error is too large when a bin holds few: its counts are for showing.

/** Probabilities are kept so far from 0 and 1 in the log-loss: one that was sure and wrong would make it infinite. */
const LOG_LOSS_MARGIN = 1e-15;

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** undefined in an empty bin. */
  readonly meanProbability: number | undefined;
  readonly rate: number | undefined;
}

export interface Calibration {
  readonly brier: number;
  readonly logLoss: number;
  readonly bins: readonly ReliabilityBin[];
  /** sum n_b / N |rate_b - mean probability_b|. */
  readonly calibrationError: number;
}

/**
 * `labels[i]` is 1 or 0, `probabilities[i]` in [0, 1]; `count` bins of equal width, 1 in the last. Source: Brier 1950;
 * Naeini, Cooper and Hauskrecht 2015 for the error. undefined without any.
 */
export function calibration(
  labels: readonly number[],
  probabilities: readonly number[],
  count = 10,
): Calibration | undefined {
  const n = labels.length;
  if (n === 0) return undefined;
  const sums = Array.from({ length: count }, () => ({ n: 0, label: 0, probability: 0 }));
  let [brier, logLoss] = [0, 0];
  labels.forEach((label, index) => {
    const probability = probabilities[index] as number;
    const inside = Math.min(1 - LOG_LOSS_MARGIN, Math.max(LOG_LOSS_MARGIN, probability));
    brier += (probability - label) ** 2;
    logLoss -= label === 1 ? Math.log(inside) : Math.log1p(-inside);
    const bin = sums[Math.min(count - 1, Math.floor(count * probability))];
    if (bin === undefined) return;
    bin.n += 1;
    bin.label += label;
    bin.probability += probability;
  });
  return {
    brier: brier / n,
    logLoss: logLoss / n,
    bins: sums.map((bin, index) => ({
      from: index / count,
      to: (index + 1) / count,
      n: bin.n,
      meanProbability: bin.n > 0 ? bin.probability / bin.n : undefined,
      rate: bin.n > 0 ? bin.label / bin.n : undefined,
    })),
    calibrationError: sums.reduce((sum, bin) => sum + Math.abs(bin.label - bin.probability), 0) / n,
  };
}
