// The chain as it moves: one EventSource for the page; screens subscribe and unsubscribe. The browser comes back by itself
// with Last-Event-ID after a cut.
const listeners = new Set();
let last = null;
let lastAt = 0;
let connection = 'connecting';

export function start() {
  const source = new EventSource('/api/v1/events');
  source.addEventListener('open', () => report('on'));
  source.addEventListener('error', () => report('off'));
  source.addEventListener('status', (event) => {
    last = JSON.parse(event.data);
    lastAt = Date.now();
    report('on');
    tell('status', last);
  });
  source.addEventListener('away', (event) => {
    report('away');
    tell('away', JSON.parse(event.data));
  });
  source.addEventListener('change', (event) => tell('change', JSON.parse(event.data)));
}

function report(state) {
  connection = state;
  tell('connection', state);
}

function tell(type, data) {
  for (const listener of listeners) listener(type, data);
}

export const snapshot = () => last;
export const state = () => connection;
export const ageSeconds = () => (lastAt ? (Date.now() - lastAt) / 1000 : Infinity);

// Returns the function that ends it.
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
