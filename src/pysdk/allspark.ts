import { EasError } from '../core/errors.ts';
import { ALLSPARK_VERSION } from '../python/allspark.ts';
import type { Packages } from './packages.ts';

/** What stands in place of a wheel for our own package. */
export const COMPATIBLE = 'compatible';
/** Where public examples install the official package from; nothing tells how long it stays there. */
const OFFICIAL_WHEEL = 'https://eas-data.oss-cn-shanghai.aliyuncs.com/sdk/allspark-0.15-py2.py3-none-any.whl';
/** For an address nobody has asked for: a network that leads nowhere must not hold anybody up. */
const IMPATIENT = ['--retries', '0', '--timeout', '5'];
const HINT = 'check the address and that the wheel fits this Python; --allspark compatible takes our own';

interface Options {
  /** File or URL of a wheel, COMPATIBLE, or undefined for the usual address. */
  asked: string | undefined;
  hasPip: boolean;
  /** Told what is going on, one line each. */
  say: (line: string) => void;
}

/**
 * Sees to an allspark in the environment and returns its version: the one that is there, else the official one, else
 * ours. A wheel file that was asked for and does not work is an EasError; an address is a reason to take ours.
 */
export async function provideAllspark(packages: Packages, { asked, hasPip, say }: Options): Promise<string> {
  const present = await packages.allspark();
  const isOurs = present?.endsWith('+eascmd') === true;
  const isWheelAsked = asked !== undefined && asked !== COMPATIBLE;
  if (!isWheelAsked && present !== undefined && (!isOurs || present === ALLSPARK_VERSION))
    return present || 'official';
  const isUsual = asked === undefined && present === undefined && hasPip;
  const wheel = isUsual ? OFFICIAL_WHEEL : isWheelAsked ? asked : undefined;
  if (wheel !== undefined) {
    say(`[PYSDK] Installing allspark from ${wheel}`);
    try {
      return await installOfficial(packages, wheel, isUsual);
    } catch (error) {
      if (!(error instanceof EasError) || !/^https?:/.test(wheel)) throw error;
      say(`[PYSDK] ${error.message} (${reasonOf(error.detail)})`);
      // What was there before and is still there is not overwritten.
      if (present !== undefined && !isOurs && (await packages.allspark()) === present)
        return present || 'official';
    }
  }
  say(`[PYSDK] Installing allspark ${ALLSPARK_VERSION}, a local stand-in for the official one`);
  await packages.installCompatible();
  return ALLSPARK_VERSION;
}

/** The last word of pip or Python; of a network that fails, just what the system said. */
function reasonOf(detail: readonly string[]): string {
  const last = detail.at(-1)?.trim() ?? 'no reason given';
  return /\[Errno -?\d+\] ([^'")]+)/.exec(last)?.[1] ?? /\btimed out\b/.exec(last)?.[0] ?? last;
}

/** A wheel that can't be imported does not stay. */
async function installOfficial(packages: Packages, wheel: string, isImpatient: boolean): Promise<string> {
  await packages.install([...(isImpatient ? IMPATIENT : []), wheel], 'Installing allspark', HINT);
  try {
    return await packages.importAllspark(HINT);
  } catch (error) {
    await packages.uninstall('allspark');
    throw error;
  }
}
