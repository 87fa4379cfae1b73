import type { SavedView } from '../saved-view.ts';

export interface SavedViewStore {
  /** A view of the same owner, page and name is replaced and keeps its id. */
  putView(view: Omit<SavedView, 'createdAt' | 'updatedAt'>): Promise<SavedView>;
  /** null when unknown. */
  findView(id: string): Promise<SavedView | null>;
  /** INPUT_INVALID when the owner has another view of that name on the page. */
  updateView(id: string, change: Partial<Pick<SavedView, 'name' | 'search' | 'isShared'>>): Promise<SavedView>;
  deleteView(id: string): Promise<void>;
  /** The owner's own and those shared by others, by name. */
  listViews(of: { page: string; owner: string; limit: number }): Promise<SavedView[]>;
}
