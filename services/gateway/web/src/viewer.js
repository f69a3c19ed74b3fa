// The page image with its boxes. Boxes are given in pixels of the page as scanned; the image is turned as the reader found
// it, plus what the person asks, and the boxes with it.
import { getBlob } from './api.js';
import { h, setText, svg } from './dom.js';

const zoomMin = 0.1, zoomMax = 4, zoomStep = 1.25;
const loupeBelow = 0.6;
const keepPages = 6;  // decoded pages held at the same time: about 35 MB each

// A rectangle of a w by h page, after turning the page clockwise.
export function turn(box, degrees, w, h) {
  const [x, y, bw, bh] = box;
  switch (((degrees % 360) + 360) % 360) {
    case 90: return [h - y - bh, x, bh, bw];
    case 180: return [w - x - bw, h - y - bh, bw, bh];
    case 270: return [y, w - x - bw, bh, bw];
    default: return [x, y, bw, bh];
  }
}

const matrix = (degrees, w, h) => ({
  0: '1 0 0 1 0 0', 90: `0 1 -1 0 ${h} 0`, 180: `-1 0 0 -1 ${w} ${h}`, 270: `0 -1 1 0 0 ${w}`,
}[((degrees % 360) + 360) % 360]);

const ruler = document.createElement('canvas').getContext('2d');
// Width of a label in Arial bold, for a size of 1.
function textWidth(text) {
  ruler.font = 'bold 100px Arial, "Liberation Sans", sans-serif';
  return ruler.measureText(text).width / 100;
}

export class Viewer {
  // pages: [{page, width, height, rotation, image}]; `onpage(number)` and `onpick(key)` tell what the person did.
  constructor(pages, { onpage, onpick }) {
    this.pages = pages;
    this.onpage = onpage;
    this.onpick = onpick;
    this.at = 0;
    this.zoom = null;  // null: the whole page fits
    this.turned = 0;
    this.boxes = [];
    this.picked = null;
    this.images = new Map();
    this.stage = h('div', { class: 'stage', tabindex: '0', role: 'group', 'aria-label': 'Image de la page', onkeydown: (e) => this.key(e) });
    this.loupe = h('div', { class: 'loupe', hidden: true });
    this.where = h('output', { id: 'page-numero' });
    this.scale = h('output', { id: 'zoom' });
    const button = (text, label, act) => h('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, text);
    this.previous = button('◀', 'Page précédente (Page préc.)', () => this.go(this.at - 1));
    this.next = button('▶', 'Page suivante (Page suiv.)', () => this.go(this.at + 1));
    this.boxesButton = h('button', { type: 'button', 'aria-pressed': 'true', onclick: () => this.toggleBoxes() }, 'Cadres');
    this.element = h('section', { class: 'viewer', 'aria-label': 'Page numérisée' },
      h('div', { class: 'tools', role: 'toolbar', 'aria-label': 'Image' }, this.previous, this.where, this.next, h('span', { class: 'gap' }),
        button('−', 'Réduire', () => this.zoomBy(1 / zoomStep)), this.scale, button('+', 'Agrandir', () => this.zoomBy(zoomStep)),
        button('Page', 'Page entière', () => this.fit(null)), button('Largeur', 'Toute la largeur', () => this.fit('width')),
        button('⟳', 'Tourner d’un quart de tour', () => this.rotate()), this.boxesButton),
      h('div', { class: 'view' }, this.stage, this.loupe));
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.stage);
  }

  close() {
    this.observer.disconnect();
    for (const url of this.images.values()) URL.revokeObjectURL(url);
    this.images.clear();
  }

  page() { return this.pages[this.at]; }

  // boxes: [{key, page, box, label, look}]
  setBoxes(boxes) {
    this.boxes = boxes;
    this.draw();
  }

  pick(key) {
    this.picked = key;
    const box = this.boxes.find((b) => b.key === key);
    if (box && box.page !== this.page().page) {
      const at = this.pages.findIndex((p) => p.page === box.page);
      if (at >= 0) return this.go(at);
    }
    this.draw();
    this.reveal();
  }

  async go(at) {
    if (at < 0 || at >= this.pages.length) return;
    if (at !== this.at) {
      this.at = at;
      this.turned = 0;
      this.onpage(this.page().page);
    }
    await this.show();
  }

  async show() {
    const wanted = this.page();
    setText(this.where, `page ${this.at + 1} / ${this.pages.length}`);
    this.previous.disabled = this.at === 0;
    this.next.disabled = this.at === this.pages.length - 1;
    if (!this.images.has(wanted.page)) {
      this.loupe.hidden = true;
      this.svg = null;
      this.stage.replaceChildren(h('p', { class: 'state', role: 'status' }, 'Image en cours de préparation…'));
    }
    try {
      await this.load(wanted);
    } catch (error) {
      if (this.page() !== wanted) return;
      this.loupe.hidden = true;
      this.stage.replaceChildren(h('div', { class: 'state', role: 'alert' }, h('p', {}, `${error.title ?? 'Image indisponible'} : ${error.message}`),
        error.trace && h('p', { class: 'small' }, `Numéro de suivi : ${error.trace}`),
        h('button', { type: 'button', onclick: () => this.show() }, 'Réessayer')));
      return;
    }
    if (this.page() !== wanted) return;
    this.draw();
    this.reveal();
    const after = this.pages[this.at + 1];
    if (after) this.load(after).catch(() => {});
  }

  async load(page) {
    if (this.images.has(page.page)) return;
    const blob = await getBlob(page.image);
    const url = URL.createObjectURL(blob);
    const probe = new Image();
    probe.src = url;
    await probe.decode();
    page.width ||= probe.naturalWidth;
    page.height ||= probe.naturalHeight;
    this.images.set(page.page, url);
    for (const [number, old] of this.images) {
      if (this.images.size <= keepPages) break;
      if (number === this.page().page || number === page.page) continue;
      URL.revokeObjectURL(old);
      this.images.delete(number);
    }
  }

  draw() {
    const page = this.page();
    const url = this.images.get(page.page);
    if (!url) return;
    const degrees = (page.rotation ?? 0) + this.turned;
    const [, , w, hgt] = turn([0, 0, page.width, page.height], degrees, page.width, page.height);
    const tag = Math.max(w, hgt) / 75;  // label height, in page pixels
    const order = [...this.boxes].filter((b) => b.page === page.page).sort((a, b) => (a.key === this.picked) - (b.key === this.picked));
    this.svg = svg('svg', { viewBox: `0 0 ${w} ${hgt}`, role: 'img', 'aria-label': `Page ${page.page}, ${order.length} zones lues` },
      svg('image', { href: url, width: page.width, height: page.height, transform: `matrix(${matrix(degrees, page.width, page.height)})` }),
      order.map((b) => {
        const [x, y, bw, bh] = turn(b.box, degrees, page.width, page.height);
        const wide = textWidth(b.label) * tag + tag * 0.8;
        const top = y - tag * 1.45 < 0 ? y + bh : y - tag * 1.45;
        const left = Math.max(0, Math.min(x, w - wide));
        return svg('g', { class: `box ${b.look}${b.key === this.picked ? ' on' : ''}`, 'data-key': b.key, onclick: () => this.onpick(b.key) },
          svg('rect', { class: 'area', x, y, width: bw, height: bh, rx: 4 }),
          (b.look !== 'reason' || b.key === this.picked) && [
            svg('rect', { class: 'tag', x: left, y: top, width: wide, height: tag * 1.4, rx: 4 }),
            svg('text', { x: left + tag * 0.4, y: top + tag * 1.03, 'font-size': tag }, b.label)]);
      }));
    this.size = [w, hgt];
    this.stage.replaceChildren(this.svg);
    this.layout();
  }

  layout() {
    if (!this.svg || !this.size) return;
    const [w, hgt] = this.size;
    const room = [this.stage.clientWidth - 26, this.stage.clientHeight - 26];
    const whole = Math.min(room[0] / w, room[1] / hgt);
    const factor = this.zoom === null ? whole : this.zoom === 'width' ? room[0] / w : this.zoom;
    this.factor = Math.max(0.02, factor);
    this.svg.style.width = `${Math.round(w * this.factor)}px`;
    this.svg.style.height = `${Math.round(hgt * this.factor)}px`;
    setText(this.scale, `${Math.round(this.factor * 100)} %`);
    this.drawLoupe();
  }

  // Shown while the page itself is too small to read the picked field on it.
  drawLoupe() {
    const page = this.page();
    const picked = this.boxes.find((b) => b.key === this.picked && b.page === page.page);
    const url = this.images.get(page.page);
    this.loupe.hidden = !picked || !url || picked.look === 'reason' || this.factor > loupeBelow;
    if (this.loupe.hidden) return;
    const degrees = (page.rotation ?? 0) + this.turned;
    const [x, y, bw, bh] = turn(picked.box, degrees, page.width, page.height);
    const margin = Math.max(bh * 0.6, 20);
    this.loupe.classList.toggle('top', (y + bh / 2) / this.size[1] > 0.55);
    this.loupe.replaceChildren(svg('svg', { viewBox: `${x - margin} ${y - margin} ${bw + 2 * margin} ${bh + 2 * margin}`, role: 'img', 'aria-label': `Loupe : ${picked.label}` },
      svg('image', { href: url, width: page.width, height: page.height, transform: `matrix(${matrix(degrees, page.width, page.height)})` }),
      svg('rect', { x, y, width: bw, height: bh, rx: 4 })));
  }

  fit(zoom) {
    this.zoom = zoom;
    this.layout();
    this.reveal();
  }

  zoomBy(by) {
    const before = this.factor;
    const middle = [this.stage.scrollLeft + this.stage.clientWidth / 2, this.stage.scrollTop + this.stage.clientHeight / 2];
    this.zoom = Math.min(zoomMax, Math.max(zoomMin, (this.factor ?? 1) * by));
    this.layout();
    const grown = this.factor / before;
    this.stage.scrollLeft = middle[0] * grown - this.stage.clientWidth / 2;
    this.stage.scrollTop = middle[1] * grown - this.stage.clientHeight / 2;
  }

  rotate() {
    this.turned = (this.turned + 90) % 360;
    this.draw();
  }

  toggleBoxes() {
    const hidden = this.stage.classList.toggle('hide-boxes');
    this.boxesButton.setAttribute('aria-pressed', String(!hidden));
  }

  // Brings the picked box into the middle of what is seen.
  reveal() {
    const area = this.svg?.querySelector('.box.on rect.area');
    if (!area) return;
    const box = area.getBoundingClientRect(), room = this.stage.getBoundingClientRect();
    this.stage.scrollBy({ left: box.left + box.width / 2 - room.left - room.width / 2, top: box.top + box.height / 2 - room.top - room.height / 2 });
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== this.stage) return;
    const move = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] }[event.key];
    if (move) this.stage.scrollBy(move[0], move[1]);
    else if (event.key === '+' || event.code === 'NumpadAdd') this.zoomBy(zoomStep);
    else if (event.key === '-' || event.code === 'NumpadSubtract') this.zoomBy(1 / zoomStep);
    else if (event.code === 'Digit0' || event.code === 'Numpad0') this.fit(null);
    else if (event.key.toLowerCase() === 'r') this.rotate();
    else if (event.key.toLowerCase() === 'c') this.toggleBoxes();
    else return;
    event.preventDefault();
  }
}
