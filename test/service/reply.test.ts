import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepReply, reviveReply } from '../../src/service/reply.js';

function throughJson(value: unknown): unknown {
  return reviveReply(JSON.parse(JSON.stringify(keepReply(value))));
}

describe('a kept reply', () => {
  it('has its dates, NaN, infinities and the sign of zero again', () => {
    const reply = {
      at: new Date(0),
      values: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.1],
      none: null,
    };

    expect(throughJson(reply)).toStrictEqual(reply);
  });

  it('is not fooled by user data that looks like our marks', () => {
    const reply = { params: { $: 'date', value: '2020-01-01' }, deep: [{ $: 'object', value: [] }], __proto__own: 1 };

    expect(throughJson(reply)).toStrictEqual(reply);
  });

  it('is equal for any JSON value', () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      expect(throughJson(value)).toEqual(value);
    });

    fc.assert(property, { seed: 1 });
  });

  it('does not let a key reach the prototype', () => {
    const reply: unknown = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}');

    const revived = throughJson(reply) as Record<string, unknown>;

    expect(Object.keys(revived)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
