/** What went wrong and what to do, from whatever a call threw. */
export function errorText(error: unknown): string {
  if (error instanceof TypeError && /fetch/i.test(error.message))
    return 'The console did not answer. Check that it runs, then try again.';
  return error instanceof Error && error.message !== '' ? error.message : 'Something went wrong. Try again.';
}

/** Name of the field that an answer complains about; null when it names none. */
export function errorField(error: unknown): string | null {
  const facts = (error as { data?: { studio?: { field?: string } } } | null)?.data?.studio;
  return facts?.field ?? null;
}
