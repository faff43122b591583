import { type Bench, output } from './bench.ts';
import { bareNode, commandCosts } from './command.ts';

const COMMAND_RUNS = 21;
const BUDGET_RATIO = 0.35;
const BUDGET_MB = 45;

/** How soon the program is there: `eascmd --version` against a Node that does nothing. */
export async function versionRows(bench: Bench): Promise<void> {
  bench.say('eascmd --version');
  const commands = new Map([['own', [...bench.program, '--version']], ...bareNode()]);
  const costs = await commandCosts(bench, commands, {}, COMMAND_RUNS);
  const own = costs.get('own')!;
  const peer = costs.get('node');
  if (peer) {
    const version = (await output(['node', '--version'])).trim();
    const ratio = own.wallMs / peer.wallMs;
    bench.rows.push({
      what: `node -e 0 (${version})`,
      measured: `${peer.wallMs.toFixed(0)} ms, ${peer.maxRssMb.toFixed(0)} MB`,
      budget: '',
    });
    bench.rows.push({
      what: 'eascmd --version, wall',
      measured: `${own.wallMs.toFixed(1)} ms, ${ratio.toFixed(2)} x node`,
      // The budget is for Node 20; another one is only there to compare with.
      budget: version.startsWith('v20.') ? `<= ${BUDGET_RATIO} x node` : '',
      isMet: version.startsWith('v20.') ? ratio <= BUDGET_RATIO : undefined,
    });
  } else bench.skip('node -e 0', 'no node on PATH');
  bench.rows.push({
    what: 'eascmd --version, memory',
    measured: `${own.maxRssMb.toFixed(0)} MB`,
    budget: `<= ${BUDGET_MB} MB`,
    isMet: own.maxRssMb <= BUDGET_MB,
  });
}
