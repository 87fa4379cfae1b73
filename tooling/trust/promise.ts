/** Something that is promised of reliability (R) or security (S), and the tests that show it. */
export interface Promised {
  id: string;
  promise: string;
  /** File, from the root of the repository, and how the titles of its tests begin. */
  tests: readonly { file: string; titles: readonly string[] }[];
  /** What no test shows yet. */
  open?: string;
}
