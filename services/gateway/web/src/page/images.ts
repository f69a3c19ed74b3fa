// Page images, fetched ahead and kept decoded, so that the next one is painted in two frames.
//
// Limits: about 35 MB of decoded pixels a page, so at most 6 decoded pages; bytes of at most 24. Images of the medical compartment
// are `no-store`: they live in this memory alone, and only as long as a screen or a lease holds them.
const bytesMax = 24;
const decodedMax = 6;

interface Held { url: Promise<string>; resolved: string; usedAt: number; decoded: HTMLImageElement | null }
const held = new Map<string, Held>();
let clock = 0;

async function fetchImage(address: string): Promise<string> {
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
  return URL.createObjectURL(await response.blob());
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
    const fresh: Held = { url: address.startsWith('blob:') ? Promise.resolve(address) : fetchImage(address), resolved: '', usedAt: 0, decoded: null };
    fresh.url.then((url) => { fresh.resolved = url; }, () => { if (held.get(address) === fresh) held.delete(address); });
    held.set(address, fresh);
    one = fresh;
  }
  one.usedAt = clock += 1;
  return one;
}

// Ready to be painted: the same element is given back while it stays decoded.
export async function image(address: string): Promise<HTMLImageElement> {
  const one = entry(address);
  if (one.decoded) return one.decoded;
  const element = new Image();
  element.alt = '';
  element.draggable = false;
  element.src = await one.url;
  try {
    await element.decode();
  } catch {
    held.delete(address);
    throw new ImageFailure('cette image ne peut pas être décodée', '');
  }
  one.decoded = element;
  trim();
  return element;
}

// The same image in memory, for a loupe: no second request.
export const address = async (of: string): Promise<string> => await entry(of).url;
export const decoded = (of: string): HTMLImageElement | null => held.get(of)?.decoded ?? null;
export const prefetch = (of: string, decode: boolean): void => { (decode ? image(of) : entry(of).url).catch(() => {}); };

function trim(): void {
  const old = [...held.entries()].sort((a, b) => a[1].usedAt - b[1].usedAt);
  let decodedLeft = old.filter(([, one]) => one.decoded).length;
  for (const [, one] of old) {
    if (decodedLeft <= decodedMax) break;
    if (one.decoded && !one.decoded.isConnected) {
      one.decoded = null;
      decodedLeft -= 1;
    }
  }
  for (const [key, one] of old) {
    if (held.size <= bytesMax) break;
    if (!one.decoded) drop(key);
  }
}

function drop(key: string): void {
  const one = held.get(key);
  held.delete(key);
  if (one?.resolved && !key.startsWith('blob:')) URL.revokeObjectURL(one.resolved);
}

// What a lease held goes with it.
export function forget(addresses: string[]): void {
  for (const key of addresses) drop(key);
}
