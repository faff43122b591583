import init from './allspark/__init__.py' with { type: 'text' };
import channel from './allspark/_channel.py' with { type: 'text' };
import guard from './allspark/_guard.py' with { type: 'text' };
import http from './allspark/_http.py' with { type: 'text' };
import inject from './allspark/_inject.py' with { type: 'text' };
import link from './allspark/_link.py' with { type: 'text' };
import processor from './allspark/_processor.py' with { type: 'text' };
import properties from './allspark/_properties.py' with { type: 'text' };
import proxy from './allspark/_proxy.py' with { type: 'text' };
import service from './allspark/_service.py' with { type: 'text' };

/** Modules of our compatible `allspark`, by file name; they travel inside the binary. */
export const ALLSPARK_FILES: Readonly<Record<string, string>> = {
  '__init__.py': init,
  '_channel.py': channel,
  '_guard.py': guard,
  '_http.py': http,
  '_inject.py': inject,
  '_link.py': link,
  '_processor.py': processor,
  '_properties.py': properties,
  '_service.py': service,
};

/** Script that runs an app with the official package. */
export const OFFICIAL_PROXY = proxy;

/** e.g. `0.15.0+eascmd`; the local part tells ours from the official package. */
export const ALLSPARK_VERSION = /__version__ = "([^"]+)"/.exec(init)![1]!;
