// Boxes are given in pixels of the page as scanned; the page is turned to be read, and its boxes with it.
import type { Box } from '../api/types';

export const turns = (degrees: number): 0 | 90 | 180 | 270 => ((((degrees % 360) + 360) % 360) as 0 | 90 | 180 | 270);
export const upright = (width: number, height: number, degrees: number): [number, number] => (turns(degrees) % 180 === 0 ? [width, height] : [height, width]);

// A rectangle of a width by height page, after turning the page clockwise.
export function turn([x, y, w, h]: Box, degrees: number, width: number, height: number): Box {
  switch (turns(degrees)) {
    case 90: return [height - y - h, x, h, w];
    case 180: return [width - x - w, height - y - h, w, h];
    case 270: return [y, width - x - w, h, w];
    default: return [x, y, w, h];
  }
}
// The way back: a rectangle drawn on the upright page, in pixels as scanned.
export function unturn(box: Box, degrees: number, width: number, height: number): Box {
  const [w, h] = upright(width, height, degrees);
  return turn(box, 360 - turns(degrees), w, h);
}
// Where the image goes for its upright place to begin at 0,0.
export function placing(width: number, height: number, degrees: number): string {
  switch (turns(degrees)) {
    case 90: return `translate(${height}px,0) rotate(90deg)`;
    case 180: return `translate(${width}px,${height}px) rotate(180deg)`;
    case 270: return `translate(0,${width}px) rotate(270deg)`;
    default: return '';
  }
}
export const within = ([x, y, w, h]: Box, width: number, height: number): Box => {
  const left = Math.max(0, Math.min(width - 1, Math.round(x))), top = Math.max(0, Math.min(height - 1, Math.round(y)));
  return [left, top, Math.max(1, Math.min(width - left, Math.round(w))), Math.max(1, Math.min(height - top, Math.round(h)))];
};
