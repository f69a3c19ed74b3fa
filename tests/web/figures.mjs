// What a run measured, with what was asked: printed in one table when it ends.
const rows = [];

export const figure = (what, value, asked = '') => { rows.push([what, value, asked]); };
export const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;

export function tellFigures() {
  if (rows.length === 0) return;
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at].length), ['what', 'figure', 'asked'][at].length));
  for (const row of [['what', 'figure', 'asked'], ...rows]) console.log(`  ${row.map((cell, at) => cell.padEnd(widths[at])).join('  ').trimEnd()}`);
}
