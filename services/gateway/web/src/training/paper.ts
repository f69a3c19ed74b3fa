// Draws invented pages as SVG: forms with combs filled by hand, letters, envelopes. What is drawn in a box is what the truth says.
import { turn, unturn, upright } from '../page/geometry';
import type { Box, Rotation } from '../api/types';

export interface Ink { name: string; label: string; text: string; box: Box; comb: boolean; struck?: boolean }  // box: on the upright page
export interface Paper { title: string; number: string; note: string; inks: Ink[]; lines: string[]; kind: 'form' | 'letter' | 'blank' | 'bank'; seed: number; rotation: Rotation }

export const paperWidth = 1654, paperHeight = 2339;
export const scannedSize = (rotation: Rotation): [number, number] => upright(paperWidth, paperHeight, 360 - rotation);
// Where a box of the upright page lies on the page as scanned.
export const scannedBox = (box: Box, rotation: Rotation): Box => {
  const [width, height] = scannedSize(rotation);
  return unturn(box, rotation, width, height);
};
export const uprightBox = (box: Box, rotation: Rotation): Box => {
  const [width, height] = scannedSize(rotation);
  return turn(box, rotation, width, height);
};

// The same numbers from the same seed, on any machine.
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const print = (x: number, y: number, size: number, text: string, more = ''): string => `<text x="${x}" y="${y}" font-size="${size}" ${more}>${escape(text)}</text>`;

function comb({ text, box: [x, y, w, h], struck }: Ink, random: () => number): string {
  const letters = [...text], cells = Math.max(letters.length, 1), wide = w / cells;
  let out = '';
  for (let i = 0; i < cells; i += 1) out += `<path d="M${x + i * wide} ${y + h * 0.35}V${y + h}H${x + (i + 1) * wide}V${y + h * 0.35}" class="c"/>`;
  letters.forEach((letter, i) => {
    const cx = x + (i + 0.5) * wide + (random() - 0.5) * 6, cy = y + h * 0.82 + (random() - 0.5) * 6;
    out += `<text class="h" x="${cx.toFixed(1)}" y="${cy.toFixed(1)}" font-size="${(h * (0.78 + random() * 0.14)).toFixed(0)}" text-anchor="middle" transform="rotate(${((random() - 0.5) * 12).toFixed(1)} ${cx.toFixed(1)} ${cy.toFixed(1)})">${escape(letter)}</text>`;
  });
  return struck ? `${out}<path class="s" d="M${x - 10} ${y + h * 0.6}L${x + w + 8} ${y + h * 0.42}M${x - 6} ${y + h * 0.75}L${x + w} ${y + h * 0.55}"/>` : out;
}

function written({ text, box: [x, y, , h] }: Ink, random: () => number): string {
  return `<text class="h" x="${x + 6}" y="${y + h * 0.78}" font-size="${h * 0.78}" transform="rotate(${((random() - 0.5) * 1.6).toFixed(2)} ${x} ${y})">${escape(text)}</text>`;
}

function greyLines(from: number, count: number, random: () => number): string {
  let out = '';
  for (let i = 0; i < count; i += 1) {
    const end = 1480 - random() * 320;
    for (let x = 150; x < end;) {
      const word = 26 + random() * 110;
      out += `<rect x="${x.toFixed(0)}" y="${from + i * 42}" width="${word.toFixed(0)}" height="11"/>`;
      x += word + 17;
    }
  }
  return `<g fill="#55575e">${out}</g>`;
}

export function draw(paper: Paper): string {
  const random = dice(paper.seed);
  let body = '';
  if (paper.kind === 'letter') {
    body += paper.lines.map((line, i) => print(170, 330 + i * 62, 36, line)).join('');
    body += greyLines(430 + paper.lines.length * 62, 11, random);
    body += `<path class="h" fill="none" stroke-width="5" d="M1050 1720c40-90 70 60 110-20s50 50 90-10 60 40 120-30"/>`;
  } else if (paper.kind !== 'blank') {
    body += `<rect x="120" y="96" width="1414" height="150" fill="none" stroke="#222" stroke-width="3"/>`;
    body += print(150, 165, 46, paper.title, 'font-weight="700"') + print(150, 218, 27, paper.note);
    if (paper.number) body += print(1500, 160, 30, 'cerfa', 'text-anchor="end" font-style="italic"') + print(1500, 205, 32, `N° ${paper.number}*07`, 'text-anchor="end"');
    const lowest = Math.max(330, ...paper.inks.map((ink) => ink.box[1] + ink.box[3]));
    body += greyLines(lowest + 80, Math.max(3, Math.floor((1980 - lowest) / 42)), random);
    body += `<g transform="translate(1010 2030) rotate(-6)" opacity=".75"><rect width="430" height="130" fill="none" stroke="#1b2a6b" stroke-width="6"/><text x="215" y="56" text-anchor="middle" font-size="34" font-weight="700" fill="#1b2a6b">COURRIER ARRIVÉ</text><text x="215" y="106" text-anchor="middle" font-size="34" fill="#1b2a6b">20 NOV 2026</text></g>`;
  }
  for (const ink of paper.inks) {
    if (ink.label) body += print(ink.box[0], ink.box[1] - 12, 25, ink.label);
    body += ink.comb ? comb(ink, random) : written(ink, random);
  }
  let specks = '';
  for (let i = 0; i < 60; i += 1) specks += `<rect x="${(random() * paperWidth).toFixed(0)}" y="${(random() * paperHeight).toFixed(0)}" width="3" height="3"/>`;
  const [width, height] = scannedSize(paper.rotation);
  const laid = { 0: '', 90: `translate(0 ${paperWidth}) rotate(-90)`, 180: `translate(${paperWidth} ${paperHeight}) rotate(180)`, 270: `translate(${paperHeight} 0) rotate(90)` }[paper.rotation];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><style>text{font-family:Arial,'Liberation Sans',sans-serif;fill:#16181d}.h{font-family:'Liberation Serif','Times New Roman',serif;font-style:italic;fill:#1c3a8a;stroke:#1c3a8a;stroke-width:.6}.c{fill:none;stroke:#444;stroke-width:2}.s{stroke:#1c3a8a;stroke-width:6;fill:none}</style><rect width="${width}" height="${height}" fill="#fbfaf6"/><g transform="${laid}">${body}<g fill="#777" opacity=".5">${specks}</g></g></svg>`;
}
