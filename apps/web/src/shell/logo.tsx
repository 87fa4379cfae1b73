/** The loop around its point. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" className="size-5" role="img" aria-label="Embedding Studio">
      <rect width="32" height="32" rx="8" fill="#2451c9" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d="M23.5 12.5a8.5 8.5 0 1 0 .4 6" />
        <path d="m24.5 7.5-.6 5.4-5.3-.8" />
      </g>
      <circle cx="16" cy="16" r="2.6" fill="#fff" />
    </svg>
  );
}
