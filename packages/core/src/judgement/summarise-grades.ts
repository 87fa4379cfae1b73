import type { Judgement } from '@embedding-studio/contracts';

/** What all judges together say of an item; null: nobody has judged it. */
export interface JudgedGrade {
  /** Mean over the judges, 0–3. */
  grade: number | null;
  /** The asking actor's own. */
  own: number | null;
  judges: number;
}

/** Grades of one query by item. */
export function summariseGrades(rows: readonly Judgement[], judge: string): Map<string, JudgedGrade> {
  const grades = new Map<string, JudgedGrade>();
  for (const row of rows) {
    const { grade, own, judges } = grades.get(row.itemId) ?? { grade: null, own: null, judges: 0 };
    const mean = ((grade ?? 0) * judges + row.grade) / (judges + 1);
    grades.set(row.itemId, { grade: mean, own: row.judge === judge ? row.grade : own, judges: judges + 1 });
  }
  return grades;
}

/** As ranking metrics take them: only items somebody has judged. */
export function gradesOf(grades: ReadonlyMap<string, JudgedGrade>): Record<string, number> {
  return Object.fromEntries([...grades].map(([itemId, { grade }]) => [itemId, grade ?? 0]));
}
