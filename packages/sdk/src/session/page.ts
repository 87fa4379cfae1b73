interface ViewObserver {
  observe(element: object): void;
  disconnect(): void;
}

type Listen = (type: string, listener: () => void) => void;

/** What the session helper uses of a browser; everything is absent elsewhere. */
export interface Page {
  navigator?: { sendBeacon?(url: string, body: string): boolean };
  document?: { visibilityState: string; addEventListener: Listen; removeEventListener: Listen };
  addEventListener?: Listen;
  removeEventListener?: Listen;
  IntersectionObserver?: new (
    onChange: (entries: { isIntersecting: boolean }[]) => void,
    options: { threshold: number },
  ) => ViewObserver;
}

/** The globals, without the types of a browser that other code would then see too. */
export const page = globalThis as unknown as Page;
