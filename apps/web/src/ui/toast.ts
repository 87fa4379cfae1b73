import { type ExternalToast, toast as show } from 'sonner';

/** A few words on what was done, with its undo where there is one. What has failed stays until it is closed. */
export const toast = Object.assign((text: string, options?: ExternalToast) => show(text, options), {
  success: (text: string, options?: ExternalToast) => show.success(text, options),
  info: (text: string, options?: ExternalToast) => show.info(text, options),
  error: (text: string, options?: ExternalToast) =>
    show.error(text, { duration: Number.POSITIVE_INFINITY, ...options }),
});
