import { findProgram } from './find-program.ts';
import { type GoProgramName, goPrograms } from './programs.ts';

// The quick ones first. Whoever needs one waits for it, or builds it again where it failed, and says why.
for (const name of Object.keys(goPrograms) as GoProgramName[]) await findProgram(name);
