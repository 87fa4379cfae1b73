/** `data_source_sync` → `Data source sync`. */
export function kindTitle(kind: string): string {
  const words = kind.replaceAll('_', ' ').replace('fine tuning', 'fine-tuning');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
