/** In the addresses of pages and of streams. */
export const projectParameter = 'project';
/** Where this browser was last. */
export const projectCookie = 'embedding-studio.project';
