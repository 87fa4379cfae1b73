import { isStudioError } from '@embedding-studio/contracts';
import { Command } from 'commander';
import { registerIndexCommand } from './access/index-command.ts';
import { registerKeyCommand } from './access/key-command.ts';
import { registerAuditCommand } from './audit/command.ts';
import { registerBackupCommands } from './backup/command.ts';
import { registerBenchCommand } from './commands/bench.ts';
import { registerDoctorCommand } from './commands/doctor.ts';
import { registerDownCommand } from './commands/down.ts';
import { registerResetCommand } from './commands/reset.ts';
import { registerTestCommand } from './commands/test.ts';
import { registerUpCommand } from './commands/up.ts';
import { registerDemoCommand } from './demo/command.ts';
import { registerEvalCommand } from './eval/command.ts';
import { registerExperimentCommand } from './experiment/command.ts';
import { registerGoldenCommand } from './golden/command.ts';
import { registerImproveDemoCommand } from './improve-demo/command.ts';
import { registerModelCommand } from './model/command.ts';
import { registerExportCommand } from './training/export-command.ts';
import { registerGateCommand } from './training/gate-command.ts';
import { registerModelsCommand } from './training/models-command.ts';
import { registerTrainCommand } from './training/train-command.ts';

const program = new Command('studio')
  .description('Embedding Studio: a search engine that gets better from its users’ clicks.')
  .showHelpAfterError('(add --help for what can be said here)')
  .helpCommand(true);

registerDemoCommand(program);
registerUpCommand(program);
registerDownCommand(program);
registerDoctorCommand(program);
registerIndexCommand(program);
registerKeyCommand(program);
registerTrainCommand(program);
registerGateCommand(program);
registerModelsCommand(program);
registerModelCommand(program);
registerExportCommand(program);
registerTestCommand(program);
registerEvalCommand(program);
registerImproveDemoCommand(program);
registerExperimentCommand(program);
registerGoldenCommand(program);
registerAuditCommand(program);
registerBenchCommand(program);
registerBackupCommands(program);
registerResetCommand(program);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  // A coded error explains itself; the stack of anything else is what a report needs.
  const text = isStudioError(error) ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`\nstudio: ${text}\n`);
  process.exitCode = 1;
}
