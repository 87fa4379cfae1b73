'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { errorText } from '@/ui/error-text';
import { formatCount } from '@/ui/format-number';
import { SelectField } from '@/ui/select-field';
import { Switch } from '@/ui/switch';
import { inputLook } from '@/ui/text-field';
import { toast } from '@/ui/toast';

const scales = [
  { value: '1', title: '0–1: relevant or not' },
  { value: '2', title: '0–2' },
  { value: '3', title: '0–3: as it is judged here' },
  { value: '4', title: '0–4' },
  { value: '10', title: '0–10' },
];
const bytesMax = 5_000_000;

/** One file of grades: all of it becomes part of the golden set under one's own name, or nothing. */
export function ImportJudgements({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const fileId = useId();
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const [scale, setScale] = useState('3');
  const [skips, setSkips] = useState(false);
  const { mutate, isPending, error, reset } = useMutation(
    trpc.judgement.importJudgements.mutationOptions({
      onSuccess: ({ judgements, queries: count, skipped }) => {
        const left = skipped > 0 ? `; ${formatCount(skipped)} about unknown items left out` : '';
        toast.success(`${formatCount(judgements)} judgements of ${formatCount(count)} queries imported${left}`);
        void queries.invalidateQueries({ queryKey: trpc.judgement.pathKey() });
        onClose();
      },
    }),
  );
  const choose = async (chosen: File | undefined) => {
    reset();
    setTooLarge(chosen !== undefined && chosen.size > bytesMax);
    setFile(chosen === undefined || chosen.size > bytesMax ? null : { name: chosen.name, text: await chosen.text() });
  };
  const format = file !== null && /\.csv$/i.test(file.name) ? 'quepid' : 'qrels';
  const send = () =>
    file && mutate({ format, text: file.text, scaleMax: Number(scale), unknownItems: skips ? 'skip' : 'refuse' });
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Import judgements"
      hint="TREC qrels, or Quepid’s CSV with query, docid and rating. Your own earlier grades of the same items are replaced."
      footer={
        <Button kind="primary" isPending={isPending} disabled={file === null} onClick={send}>
          Import
        </Button>
      }
    >
      <div className="grid gap-4">
        <div>
          <label htmlFor={fileId} className="mb-1 block font-medium text-xs">
            File
          </label>
          <input
            id={fileId}
            type="file"
            accept=".csv,.qrels,.txt,.tsv,text/plain,text/csv"
            className={`${inputLook} py-1 file:mr-3 file:rounded file:bg-sunken file:px-2 file:py-0.5 file:font-medium file:text-xs`}
            onChange={(event) => void choose(event.target.files?.[0])}
          />
          <p className="mt-1 text-2xs text-ink-faint">
            {file === null
              ? 'A name that ends in .csv is read as Quepid’s, any other as qrels. At most 5 MB.'
              : `Read as ${format === 'quepid' ? 'Quepid CSV' : 'TREC qrels'}.`}
          </p>
        </div>
        <SelectField label="Ratings of the file" value={scale} options={scales} onChange={setScale} />
        <Switch label="Leave out rows about items that are not here" isOn={skips} onChange={setSkips} />
        {tooLarge && (
          <p role="alert" className="text-bad text-xs">
            The file is larger than 5 MB: split it by queries.
          </p>
        )}
        {error && (
          <p role="alert" className="whitespace-pre-wrap text-bad text-xs">
            {errorText(error)}
          </p>
        )}
      </div>
    </Dialog>
  );
}
