import { page } from './page.ts';

const shareInView = 0.5;
const seenAfterMs = 1_000;

/** Calls `onSeen` once half of the element has been in view for a second. Returns what ends the watch. */
export function watchSeen(element: object, onSeen: () => void): () => void {
  if (page.IntersectionObserver === undefined) return () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new page.IntersectionObserver(
    (entries) => {
      clearTimeout(timer);
      if (entries.at(-1)?.isIntersecting) timer = setTimeout(done, seenAfterMs);
    },
    { threshold: shareInView },
  );
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
  };
  const done = () => {
    stop();
    onSeen();
  };
  observer.observe(element);
  return stop;
}
