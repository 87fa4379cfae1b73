import { Long, ObjectId } from 'bson';
import { expect, test } from 'vitest';
import { decodeDocument, encodeDocument } from '../src/bson-document.ts';
import { encodePut } from '../src/journal-frames.ts';

test('a record around bytes that came in is the record that encoding the document would give', () => {
  const documents = [
    {},
    { _id: 'a', text: 'ä€𝄞', at: new Date(5), nested: { list: [1, 'x', null] } },
    { _id: new ObjectId(), big: Long.fromString('9007199254740993') },
  ];
  for (const namespace of ['db.events', 'dbü.x'])
    for (const document of documents) {
      const bytes = encodeDocument(document);
      const record = encodePut(namespace, bytes);
      expect(Buffer.from(record)).toEqual(Buffer.from(encodeDocument({ n: namespace, p: decodeDocument(bytes) })));
    }
});
