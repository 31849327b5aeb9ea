// A ledger's histogram: how often values occurred, by the upper bound of their step.

/** The value that this share of all does not exceed, to within a step; 0 of nothing. */
export function quantile({ count, most, steps }, share) {
  let before = 0;
  for (const [bound, number] of Object.entries(steps)
    .map(([name, each]) => [Number(name), each])
    .sort(([one], [other]) => one - other)) {
    before += number;
    if (before >= share * count) return Math.min(bound, most);
  }
  return most;
}
