export * from './export-judgements.ts';
export { type ImportedJudgements, ImportJudgementsInput, importJudgements } from './import-judgements.ts';
export { JudgeItemInput, judgeItem } from './judge-item.ts';
export * from './list-judgements.ts';
export type { JudgedGrade } from './summarise-grades.ts';
