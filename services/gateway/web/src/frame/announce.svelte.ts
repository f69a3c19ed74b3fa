// One place that screen readers listen to. Sentences are batched: a screen reader is not a ticker.
class Announcer {
  text = $state('');
  #waiting: string[] = [];
  #timer = 0;
  say(sentence: string): void {
    this.#waiting.push(sentence);
    if (this.#timer) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.text = this.#waiting.splice(0).slice(-3).join(' ');
    }, 250);
  }
}
export const announcer = new Announcer();
