// Page images, fetched ahead and kept decoded, so that the next one is painted in two frames. A page of 300 dpi has 8 million
// pixels, which a browser scales again at each first look (0.1 s without a graphics card): what a screen shows of a whole page is
// therefore made ahead as well (the proof). The bitmap itself serves who looks closer.
//
// Limits: about 35 MB of decoded pixels a page, so at most 6 decoded pages; bytes of at most 24. Images of the medical compartment
// are `no-store`: they live in this memory alone, and only as long as a screen or a lease holds them.
const bytesMax = 24;
const decodedMax = 6;
// An invented page of the training mode, already in memory: elements alone can read it.
const drawing = 'image/svg+xml';

// `proof` has at most the pixels of the screen's longer side, `scale` of the page's.
export interface Picture { pixels: ImageBitmap | HTMLImageElement; width: number; height: number; proof: HTMLCanvasElement; scale: number }
interface Held { bytes: Promise<Blob>; usedAt: number; picture: Picture | null }
const held = new Map<string, Held>();
let clock = 0;

async function fetchImage(address: string): Promise<Blob> {
  const response = await fetch(address, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) {
    let detail = `le serveur a répondu ${response.status}`, trace = '';
    try {
      const problem = await response.json() as { detail?: string; trace_id?: string };
      detail = problem.detail ?? detail;
      trace = problem.trace_id ?? '';
    } catch { /* not one of our problems */ }
    throw new ImageFailure(detail, trace);
  }
  return response.blob();
}

export class ImageFailure extends Error {
  readonly trace: string;
  constructor(message: string, trace: string) {
    super(message);
    this.trace = trace;
  }
}

function entry(address: string): Held {
  let one = held.get(address);
  if (!one) {
    const fresh: Held = { bytes: address.startsWith('blob:') ? Promise.resolve(new Blob([], { type: drawing })) : fetchImage(address), usedAt: 0, picture: null };
    fresh.bytes.catch(() => { if (held.get(address) === fresh) held.delete(address); });
    held.set(address, fresh);
    one = fresh;
  }
  one.usedAt = clock += 1;
  return one;
}

// For who enlarges the page: all its pixels.
export async function element(address: string): Promise<HTMLImageElement> {
  const local = address.startsWith('blob:'), url = local ? address : URL.createObjectURL(await entry(address).bytes);
  const made = new Image();
  made.alt = '';
  made.draggable = false;
  made.src = url;
  try {
    await made.decode();
  } catch {
    held.delete(address);
    throw new ImageFailure('cette image ne peut pas être décodée', '');
  } finally {
    if (!local) URL.revokeObjectURL(url);
  }
  return made;
}
async function develop(source: Blob | HTMLImageElement): Promise<Picture> {
  const drawn = source instanceof HTMLImageElement, pixels = drawn ? source : await createImageBitmap(source);
  const [width, height] = pixels instanceof HTMLImageElement ? [pixels.naturalWidth, pixels.naturalHeight] : [pixels.width, pixels.height];
  const scale = Math.min(1, Math.max(screen.width, screen.height) * devicePixelRatio / Math.max(width, height));
  const proof = document.createElement('canvas');
  proof.width = Math.ceil(width * scale);
  proof.height = Math.ceil(height * scale);
  if (drawn) proof.getContext('2d')?.drawImage(source, 0, 0, proof.width, proof.height);
  else proof.getContext('bitmaprenderer')?.transferFromImageBitmap(await createImageBitmap(pixels, { resizeWidth: proof.width, resizeHeight: proof.height, resizeQuality: 'medium' }));
  return { pixels, width, height, proof, scale };
}

// Ready to be painted: the same picture is given back while it stays decoded.
export async function image(address: string): Promise<Picture> {
  const one = entry(address);
  if (one.picture) return one.picture;
  const bytes = await one.bytes, source = bytes.type === drawing ? await element(address) : bytes;
  let made: Picture;
  try {
    made = await develop(source);
  } catch {
    held.delete(address);
    throw new ImageFailure('cette image ne peut pas être décodée', '');
  }
  if (one.picture) shut(made);
  else one.picture = made;
  trim();
  return one.picture ?? made;
}

export const decoded = (of: string): Picture | null => held.get(of)?.picture ?? null;
// What somebody waits for goes first: whatever else is fetched or decoded begins when that is painted.
let shown: Promise<unknown> = Promise.resolve();
export function show(address: string): Promise<Picture> {
  const picture = image(address);
  shown = picture.catch(() => {});
  return picture;
}
const idle: (work: () => void) => void = typeof requestIdleCallback === 'function' ? (work) => requestIdleCallback(work, { timeout: 500 }) : (work) => setTimeout(work, 100);
export const afterShown = (work: () => void): void => idle(() => void shown.then(() => idle(work)));
export const prefetch = (of: string, decode: boolean): void => afterShown(() => { (decode ? image(of) : entry(of).bytes).catch(() => {}); });

function trim(): void {
  const old = [...held.entries()].sort((a, b) => a[1].usedAt - b[1].usedAt);
  let decodedLeft = old.filter(([, one]) => one.picture).length;
  for (const [, one] of old) {
    if (decodedLeft <= decodedMax) break;
    if (one.picture && !one.picture.proof.isConnected) {
      close(one);
      decodedLeft -= 1;
    }
  }
  for (const [key, one] of old) {
    if (held.size <= bytesMax) break;
    if (!one.picture) held.delete(key);
  }
}

function shut({ pixels }: Picture): void {
  if (pixels instanceof ImageBitmap) pixels.close();
}
function close(one: Held | undefined): void {
  if (!one?.picture) return;
  shut(one.picture);
  one.picture = null;
}

// What a lease held goes with it.
export function forget(addresses: string[]): void {
  for (const key of addresses) {
    close(held.get(key));
    held.delete(key);
  }
}
