import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { errorText } from '@/ui/error-text';
import { toast } from '@/ui/toast';

/** What happens after a save: it is said, and what shows it is asked for again. */
export function useSaving<T>(queryKey: QueryKey, say: (saved: T) => string) {
  const queries = useQueryClient();
  return {
    onSuccess: (saved: T) => {
      toast.success(say(saved));
      void queries.invalidateQueries({ queryKey });
    },
    onError: (error: unknown) => void toast.error(errorText(error)),
  };
}
