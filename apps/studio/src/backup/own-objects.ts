import type { ObjectStore } from '@embedding-studio/contracts';

/** Where the first project's store holds those of the others, which are backed up with them. */
const others = 'projects/';

/** Keys of the objects that are this project's. */
export async function listOwnObjects(objects: ObjectStore): Promise<string[]> {
  const found = await objects.listObjects('');
  return found.map(({ key }) => key).filter((key) => !key.startsWith(others));
}

export async function deleteOwnObjects(objects: ObjectStore): Promise<void> {
  const tops = new Set((await listOwnObjects(objects)).map((key) => key.split('/')[0] ?? key));
  for (const top of tops) await objects.deleteObjects(top);
}
