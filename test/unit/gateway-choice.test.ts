import { describe, expect, test } from 'bun:test';
import { chooseCandidate, chooseRoute, evenDraw } from '../../src/local/gateway/choice.ts';
import type { Route } from '../../src/local/gateway/routes.ts';

const backend = { instance: 'i', link: 'unix:/nowhere', secret: '' };
const old: Route = { service: 'old', token: '', backends: [backend] };
const twin: Route = { service: 'twin', token: '', backends: [backend] };
const dead: Route = { service: 'dead', token: '', backends: [] };

describe('weights', () => {
  test.each([
    // alternatives, draw, chosen
    [
      [
        [old, 80],
        [twin, 20],
      ],
      0,
      'old',
    ],
    [
      [
        [old, 80],
        [twin, 20],
      ],
      0.799,
      'old',
    ],
    [
      [
        [old, 80],
        [twin, 20],
      ],
      0.8,
      'twin',
    ],
    [
      [
        [old, 80],
        [twin, 20],
      ],
      0.999,
      'twin',
    ],
    [
      [
        [old, 0],
        [twin, 100],
      ],
      0,
      'twin',
    ],
    [
      [
        [old, 100],
        [twin, 0],
      ],
      0.999,
      'old',
    ],
    [
      [
        [old, 100],
        [twin, -1],
      ],
      0.999,
      'old',
    ],
    [
      [
        [old, 0],
        [twin, 0],
      ],
      0.5,
      undefined,
    ],
    [
      [
        [dead, 80],
        [twin, 20],
      ],
      0.1,
      'twin',
    ],
    [
      [
        [old, 80],
        [dead, 20],
      ],
      0.9,
      'old',
    ],
    [
      [
        [dead, 80],
        [dead, 20],
      ],
      0.9,
      undefined,
    ],
    [
      [
        [old, 1],
        [twin, 1],
        [old, 2],
      ],
      0.3,
      'twin',
    ],
    [[], 0.5, undefined],
  ] as [[Route, number][], number, string | undefined][])('%#', (sides, draw, chosen) => {
    const alternatives = sides.map(([route, weight]) => ({ route, weight }));
    expect(chooseRoute(alternatives, draw)?.service).toBe(chosen);
  });

  test.each([[1], [5], [20], [50], [99]])('%d %% of every hundred requests, within two', (weight) => {
    const alternatives = [
      { route: old, weight: 100 - weight },
      { route: twin, weight },
    ];
    for (let hundred = 0; hundred < 50; hundred++) {
      let taken = 0;
      for (let n = 0; n < 100; n++)
        if (chooseRoute(alternatives, evenDraw(hundred * 100 + n)) === twin) taken++;
      expect(Math.abs(taken - weight)).toBeLessThanOrEqual(2);
    }
  });
});

describe('balance', () => {
  const at = (inFlight: number, isSuspect = false) => ({ inFlight, isSuspect });
  test.each([
    // candidates, turn, chosen
    [[at(0), at(0), at(0)], 0, 0],
    [[at(0), at(0), at(0)], 1, 1],
    [[at(0), at(0), at(0)], 5, 2],
    [[at(3), at(1), at(2)], 0, 1],
    [[at(1), undefined, at(1)], 1, 2],
    [[at(0, true), at(9)], 0, 1],
    [[at(4, true), at(2, true)], 0, 1],
    [[undefined, undefined], 0, -1],
    [[], 0, -1],
  ])('%#', (candidates, turn, chosen) => {
    expect(chooseCandidate(candidates, turn)).toBe(chosen);
  });
});
